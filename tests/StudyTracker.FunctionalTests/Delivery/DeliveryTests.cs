using StudyTracker.FunctionalTests.Runs;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Delivery;

[Collection(nameof(OneRunAtATime))]
public sealed class DeliveryTests(App app)
{
    [Fact]
    public async Task What_slack_refuses_is_parked_with_its_reason_and_delivered_by_a_replay_once_the_cause_is_gone()
    {
        var learner = Learner.New();
        await WriteAsync(learner);
        Guid summaryId;
        await using (await app.Sandbox.SetAsync(new { perUser = new Dictionary<string, string> { [learner.UserId] = "channel_not_found" } }))
        {
            await app.Operator.FinishedAsync(await app.Operator.TriggerAsync());
            summaryId = (await app.Rows.SummariesAsync(learner)).ShouldHaveSingleItem().Id;
            var parked = await Eventually.GetsAsync(
                async () => (await app.Operator.ParkedAsync()).FirstOrDefault(one => one.SummaryId == summaryId), one => one is not null);
            parked!.Reason.ShouldBe("channel_not_found");
            (parked.TeamId, parked.UserId).ShouldBe((learner.TeamId, learner.UserId));
            (await app.Sandbox.PostsAsync(learner)).ShouldBeEmpty();
        }

        await app.Operator.ReplayAsync(summaryId);

        await Eventually.HoldsAsync(async () =>
            (await app.Sandbox.PostsAsync(learner)).ShouldHaveSingleItem().SummaryId.ShouldBe($"{summaryId}"));
        await Eventually.HoldsAsync(async () => (await app.Rows.DeliveriesAsync(learner)).ShouldHaveSingleItem().State.ShouldBe("Sent"));
        (await app.Operator.ParkedAsync()).ShouldNotContain(one => one.SummaryId == summaryId);
    }

    [Fact]
    public async Task A_post_whose_answer_was_lost_is_recognised_and_not_posted_again()
    {
        var learners = await ManyAsync(8);

        await using (await app.Sandbox.SetAsync(new { seed = 7, slack = new { resetAfterAccept = 0.5 } }))
        {
            await app.Operator.FinishedAsync(await app.Operator.TriggerAsync());
            await DeliveredAsync(learners);
        }

        // Half of the posts were reset; each was found in Slack by its metadata.
        (await Task.WhenAll(learners.Select(learner => app.Rows.DeliveriesAsync(learner))))
            .ShouldContain(deliveries => deliveries[0].Attempts > 1, "no post was hit by the fault, so nothing was shown");
    }

    [Fact]
    public async Task A_429_slows_delivery_down_and_does_not_multiply_calls()
    {
        const double share = 0.3;
        var learners = await ManyAsync(20);
        var before = await app.Sandbox.CallsAsync("chat.postMessage");

        MethodCounts calls;
        await using (await app.Sandbox.SetAsync(new { seed = 3, slack = new { rateLimited = share } }))
        {
            await app.Operator.FinishedAsync(await app.Operator.TriggerAsync());
            await DeliveredAsync(learners);
            await app.Groups.CaughtUpAsync();
            var after = await app.Sandbox.CallsAsync("chat.postMessage");
            calls = new MethodCounts(after.Calls - before.Calls, after.RateLimited - before.RateLimited, after.Failed - before.Failed);
        }

        calls.RateLimited.ShouldBeGreaterThan(0);
        // Each refusal costs exactly one more call: there is one retry layer.
        var delivered = calls.Calls - calls.RateLimited;
        delivered.ShouldBeGreaterThanOrEqualTo(learners.Count);
        ((double)calls.Calls).ShouldBeLessThanOrEqualTo(delivered * (1 / (1 - share) + 0.05) + 4);
        (await Task.WhenAll(learners.Select(learner => app.Rows.DeliveriesAsync(learner))))
            .ShouldAllBe(deliveries => deliveries.Count == 1 && deliveries[0].Attempts == 1);
    }

    [Fact]
    public async Task Whatever_odd_answers_slack_gives_every_summary_arrives_once()
    {
        var learners = await ManyAsync(10);
        var odd = new
        {
            serverError = 0.02,
            badGateway = 0.02,
            internalError = 0.02,
            fatalError = 0.02,
            notJson = 0.02,
            cutOff = 0.02,
            rateLimitedBody = 0.02,
            retryAfterDate = 0.02,
            retryAfterFraction = 0.02,
            retryAfterZero = 0.02,
            retryAfterAbsent = 0.02,
        };

        await using (await app.Sandbox.SetAsync(new { seed = 11, slack = odd }))
        {
            await app.Operator.FinishedAsync(await app.Operator.TriggerAsync());
            await DeliveredAsync(learners);
        }

        (await Task.WhenAll(learners.Select(learner => app.Rows.DeliveriesAsync(learner))))
            .ShouldContain(deliveries => deliveries[0].Attempts > 1, "no post was hit by a fault, so nothing was shown");
    }

    [Fact]
    public async Task A_model_that_limits_fails_and_talks_nonsense_delays_summaries_and_loses_none()
    {
        var learners = await ManyAsync(6);

        await using (await app.Sandbox.SetAsync(new { seed = 5, model = new { rateLimited = 0.15, serverError = 0.15, nonsense = 0.1 } }))
        {
            var run = await app.Operator.FinishedAsync(await app.Operator.TriggerAsync());
            (run.Written + run.Parked).ShouldBe(run.Jobs);
            foreach (var learner in learners)
            {
                var states = await app.Rows.QueryAsync(
                    "SELECT state FROM study.jobs WHERE team_id = $1 AND user_id = $2", row => row.GetString(0), learner.TeamId, learner.UserId);
                // Nonsense twice for one job is possible, and then the job says so.
                states.ShouldHaveSingleItem().ShouldBeOneOf("Done", "Parked");
            }
        }
    }

    private async Task<List<Learner>> ManyAsync(int count)
    {
        var team = Learner.NewTeam();
        var learners = Enumerable.Range(0, count).Select(_ => Learner.New(team)).ToList();
        foreach (var learner in learners) await app.Slack.AcceptedAsync(learner.Written($"{App.Marker} I learned {learner.UserId} today."));
        await app.Groups.CaughtUpAsync();
        return learners;
    }

    private async Task WriteAsync(Learner learner)
    {
        await app.Slack.AcceptedAsync(learner.Written($"{App.Marker} I learned about delivery today."));
        await app.Groups.CaughtUpAsync();
    }

    /// <summary>Every learner has one message, and the ledger knows it.</summary>
    private async Task DeliveredAsync(IEnumerable<Learner> learners)
    {
        foreach (var learner in learners)
        {
            await Eventually.HoldsAsync(async () => (await app.Rows.DeliveriesAsync(learner)).ShouldHaveSingleItem().State.ShouldBe("Sent"));
            (await app.Sandbox.PostsAsync(learner)).ShouldHaveSingleItem();
        }
    }
}
