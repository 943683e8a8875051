using System.Text;
using StudyTracker.AppHost.Commands;
using StudyTracker.Contracts;
using StudyTracker.FunctionalTests.Runs;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.DeadLetters;

[Collection(nameof(OneRunAtATime))]
public sealed class ReplayTests(App app)
{
    [Fact]
    public async Task Dead_letters_go_back_where_they_came_from_once_and_start_anew()
    {
        using var producer = new RawProducer(app.Host.KafkaServers);
        var (key, other) = (Operator.NewRun(), Operator.NewRun());
        var headers = new Dictionary<string, string> { [RecordHeaders.Kind] = RecordKinds.Trigger, ["extra"] = "stays" };
        await producer.SendAsync(Topics.SchedulerTriggers, key, Encoding.UTF8.GetBytes("not a trigger"), headers);
        await DeadAsync(key, 1);

        (await app.Operator.DeadLettersAsync()).ByTopic[Topics.SchedulerTriggers].ShouldBeGreaterThanOrEqualTo(1);
        (await app.Operator.NotifierAsync("/dead-letters/replay")).ShouldBeGreaterThanOrEqualTo(1);

        // It dies again, of the same, after attempts of its own.
        await DeadAsync(key, 2);
        var sources = app.Log.Of(Topics.SchedulerTriggers, key);
        sources.Count.ShouldBe(2);
        sources[1].Text.ShouldBe("not a trigger");
        sources[1].Headers.Keys.Order().ShouldBe(["extra", RecordHeaders.Kind, RecordHeaders.TraceParent], ignoreOrder: true);
        app.Log.Of(Topics.DeadLetters, key)[1].Headers[RecordHeaders.Attempts].ShouldBe("1");

        (await app.Operator.NotifierAsync("/dead-letters/drop?all=true&because=they%20are%20of%20a%20test")).ShouldBeGreaterThanOrEqualTo(1);
        await producer.SendAsync(Topics.SchedulerTriggers, other, Encoding.UTF8.GetBytes("not one either"));
        await DeadAsync(other, 1);
        await app.Operator.NotifierAsync("/dead-letters/replay");
        await DeadAsync(other, 2);
        app.Log.Of(Topics.SchedulerTriggers, key).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Dead_letters_are_replayed_and_dropped_one_by_one_by_topic_and_by_reason_and_each_once()
    {
        using var producer = new RawProducer(app.Host.KafkaServers);
        var keys = Enumerable.Range(0, 4).Select(_ => Operator.NewRun()).ToList();
        // One partition, so that some wait while later ones are dealt with.
        foreach (var key in keys) await producer.SendAsync(Topics.SummaryJobs, 0, key, "no job, of this test");
        foreach (var key in keys) await DeadAsync(key, 1);
        var dead = keys.Select(key => app.Log.Of(Topics.DeadLetters, key)[0]).ToList();
        var group = (await app.Operator.DeadLettersAsync()).Groups.Single(one => one.Topic == Topics.SummaryJobs && one.Reason == dead[0].Headers[RecordHeaders.Error]);
        (group.Count >= 4, group.Stage).ShouldBe((true, ConsumerGroups.Writer));
        group.OldestSeconds.ShouldBeInRange(0, 600);

        var third = $"/dead-letters/replay?id={dead[2].Partition}@{dead[2].Offset}";
        (await app.Operator.NotifierAsync(third)).ShouldBe(1);
        await DeadAsync(keys[2], 2);
        (await app.Operator.NotifierAsync(third)).ShouldBe(0);
        (await app.Operator.NotifierAsync($"/dead-letters/drop?id={dead[1].Partition}@{dead[1].Offset}&because=of%20a%20test")).ShouldBe(1);
        (await app.Operator.NotifierAsync($"/dead-letters/replay?topic={Topics.SchedulerTriggers}&reason={Uri.EscapeDataString(group.Reason)}")).ShouldBe(0);

        (await app.Operator.NotifierAsync($"/dead-letters/replay?topic={Topics.SummaryJobs}&reason={Uri.EscapeDataString(group.Reason)}")).ShouldBeGreaterThanOrEqualTo(3);

        foreach (var (key, times) in new[] { (keys[0], 2), (keys[1], 1), (keys[2], 3), (keys[3], 2) }) await DeadAsync(key, times);
        (await app.Operator.NotifierAsync($"/dead-letters/drop?topic={Topics.SummaryJobs}&because=of%20a%20test")).ShouldBeGreaterThanOrEqualTo(3);
        (await app.Operator.DeadLettersAsync()).ByTopic.Keys.ShouldNotContain(Topics.SummaryJobs);
        foreach (var (key, times) in new[] { (keys[0], 2), (keys[1], 1), (keys[2], 3), (keys[3], 2) }) app.Log.Of(Topics.DeadLetters, key).Count.ShouldBe(times);
    }

    [Fact]
    public async Task The_command_finds_the_running_instance_by_itself()
    {
        var instance = app.Host.Folder.Name;

        (await ReplayCommand.Create().Parse(["--instance", instance]).InvokeAsync(cancellationToken: TestContext.Current.CancellationToken)).ShouldBe(0);
        (await ReplayCommand.Create().Parse(["--instance", instance, "--id", $"{Guid.NewGuid()}"]).InvokeAsync(cancellationToken: TestContext.Current.CancellationToken)).ShouldBe(0);
        (await ReplayCommand.Create().Parse(["--instance", instance, "--dead-letters"]).InvokeAsync(cancellationToken: TestContext.Current.CancellationToken)).ShouldBe(0);
        (await ReplayCommand.Create().Parse(["--instance", instance, "--dead-letters", "--topic", "none", "--drop", "why"]).InvokeAsync(cancellationToken: TestContext.Current.CancellationToken)).ShouldBe(0);
        (await ReplayCommand.Create().Parse(["--instance", instance, "--topic", "none"]).InvokeAsync(cancellationToken: TestContext.Current.CancellationToken)).ShouldNotBe(0);
    }

    private Task DeadAsync(string key, int times) => Eventually.HoldsAsync(() => app.Log.Of(Topics.DeadLetters, key).Count.ShouldBe(times));
}
