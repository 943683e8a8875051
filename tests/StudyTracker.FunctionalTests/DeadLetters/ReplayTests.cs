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

        (await app.Operator.NotifierAsync("/dead-letters/drop?because=they%20are%20of%20a%20test")).ShouldBeGreaterThanOrEqualTo(1);
        await producer.SendAsync(Topics.SchedulerTriggers, other, Encoding.UTF8.GetBytes("not one either"));
        await DeadAsync(other, 1);
        await app.Operator.NotifierAsync("/dead-letters/replay");
        await DeadAsync(other, 2);
        app.Log.Of(Topics.SchedulerTriggers, key).Count.ShouldBe(2);
    }

    [Fact]
    public async Task The_command_finds_the_running_instance_by_itself()
    {
        var instance = app.Host.Folder.Name;

        (await ReplayCommand.Create().Parse(["--instance", instance]).InvokeAsync(cancellationToken: TestContext.Current.CancellationToken)).ShouldBe(0);
        (await ReplayCommand.Create().Parse(["--instance", instance, "--id", $"{Guid.NewGuid()}"]).InvokeAsync(cancellationToken: TestContext.Current.CancellationToken)).ShouldBe(0);
        (await ReplayCommand.Create().Parse(["--instance", instance, "--all", "--dead-letters"]).InvokeAsync(cancellationToken: TestContext.Current.CancellationToken)).ShouldNotBe(0);
    }

    private Task DeadAsync(string key, int times) => Eventually.HoldsAsync(() => app.Log.Of(Topics.DeadLetters, key).Count.ShouldBe(times));
}
