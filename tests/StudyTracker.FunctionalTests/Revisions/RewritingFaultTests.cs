using System.Text.Json;
using StudyTracker.AppHost.Local;
using StudyTracker.Contracts;
using StudyTracker.FunctionalTests.Faults;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Revisions;

/// <summary>Rewritings while services are killed, doubled or refused.</summary>
[Collection(nameof(OneFaultAtATime))]
public sealed class RewritingFaultTests(App app)
{
    // In the order in which an edit comes by. The writer's other moments are in ModelFaultTests, with what they cost.
    private static readonly string[] _moments =
    [
        "intake-after-commit", "revisions-after-commit", "replay-before-publish", "writer-after-commit", "writer-after-publish",
    ];

    [Fact]
    public async Task A_rewriting_that_is_killed_after_each_of_its_steps_is_written_and_shown_once()
    {
        var one = await Summarised.StartAsync(app, "learned about heaps.", "wrote a queue.");
        var kills = _moments.Select(moment => (Moment: moment, Kill: app.KillAt(ServiceNames.Summarizer, moment))).ToList();

        await one.EditAsync(0, "learned about tries.");
        foreach (var (moment, kill) in kills)
        {
            await kill.HappenedAsync();
            // What was to be published is published again after Replay:AgainMinutes: they are over.
            if (moment == "replay-before-publish")
                await app.Rows.QueryAsync("UPDATE study.revisions SET retry_at = now() WHERE summary_id = $1 RETURNING 1", _ => 1, one.SummaryId);
        }

        await one.ShowsAsync(["tries", "queue"], "heaps");
        (await one.SettledAsync()).ShouldBe([new RevisionRow(1, "Done", null)]);
        Texts(one, revision: 1).ShouldHaveSingleItem();
        await one.ShowsAsync(["tries", "queue"], "heaps");
    }

    [Fact]
    public async Task Two_replicas_rewrite_each_summary_once()
    {
        await using var second = await ExtraHost.StartAsync(
            "rewriting", ServiceNames.Summarizer, app.Host.KafkaServers, app.Host.StudyDb, app.Host.RedisServers, new Dictionary<string, string>
            {
                ["OpenAI__Endpoint"] = $"{app.Host.Services[ServiceNames.Sandbox].Url}v1",
                ["OpenAI__ApiKey"] = "sandbox",
                ["Schedule__Enabled"] = "false",
                ["Members__ProfilesPerMinute"] = "0",
                ["Replay__IntervalSeconds"] = "1",
                ["Revisions__SettleSeconds"] = "1",
                ["Revisions__IntervalSeconds"] = "1",
            });
        var all = await Summarised.StartAsync(app, 5, "learned about heaps.", "wrote a queue.");

        await Task.WhenAll(all.Select(one => one.EditAsync(0, "learned about tries.")));
        foreach (var one in all) await one.ShowsAsync(["tries", "queue"], "heaps");
        await Task.WhenAll(all.Select(one => one.DeleteAsync(1)));

        foreach (var one in all)
        {
            await one.ShowsAsync(["tries"], "queue");
            (await one.SettledAsync()).ShouldBe([new RevisionRow(1, "Done", null), new RevisionRow(2, "Done", null)]);
            (Texts(one, revision: 1).Count, Texts(one, revision: 2).Count, Texts(one, revision: 3).Count).ShouldBe((1, 1, 0));
        }
    }

    [Fact]
    public async Task A_rewriting_that_is_given_up_leaves_the_summary_and_an_operator_replays_it()
    {
        var one = await Summarised.StartAsync(app, "learned about heaps.");
        await using (await app.Sandbox.SetAsync(new { model = new { truncated = 1 } }))
        {
            await one.EditAsync(0, "learned about tries.");
            await Eventually.HoldsAsync(async () => (await one.RevisionsAsync()).ShouldHaveSingleItem().State.ShouldBe("Parked"));
        }

        var parked = (await app.Operator.ParkedJobsAsync(one.Learner.TeamId)).ShouldHaveSingleItem();
        (parked.JobId, parked.RunId, parked.Revision).ShouldBe((one.SummaryId, one.RunId, 1));
        parked.Reason.ShouldContain("of no use twice");
        (await app.Operator.RunAsync(one.RunId)).Parked.ShouldBe(0);
        await one.ShowsAsync(["heaps"]);

        (await app.Operator.ReplayJobsAsync($"jobId={one.SummaryId}")).ShouldBe(1);

        await one.ShowsAsync(["tries"], "heaps");
        (await one.SettledAsync()).ShouldBe([new RevisionRow(1, "Done", null)]);
        (await app.Operator.ParkedJobsAsync(one.Learner.TeamId)).ShouldBeEmpty();
    }

    /// <summary>What was handed to delivery as this revision, whether once or more often.</summary>
    private List<string> Texts(Summarised one, int revision) =>
    [
        .. app.Log.Of(Topics.Feedback, one.Learner.Key)
            .Where(record => JsonSerializer.Deserialize(record.Value, ContractsJson.Default.FeedbackRecord)!.Revision == revision)
            .Select(record => record.Text)
            .Distinct(),
    ];
}
