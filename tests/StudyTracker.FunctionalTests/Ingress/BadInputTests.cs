using StudyTracker.Contracts;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Ingress;

public sealed class BadInputTests(App app, GuardedIngress ingress) : IClassFixture<GuardedIngress>
{
    public static TheoryData<string> Names => [.. BadInputs.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task It_is_refused_nothing_comes_of_it_and_the_next_request_is_served(string name)
    {
        var learner = Learner.New();
        var (bytes, status) = BadInputs.All[name];
        using var connection = await RawConnection.OpenAsync(ingress.Url);

        await connection.SendAsync(bytes(learner));
        var answer = await connection.ReceiveAsync();

        (answer?.Status ?? 0).ShouldBe(status);
        if (status == 405) answer!.Headers["Allow"].ShouldBe("POST");
        answer?.Body.ShouldNotContain(GuardedIngress.Secret);
        await ingress.Slack.AcceptedAsync(learner.Written($"{App.Marker} real"));
        // The real one comes after the bad one, had that been published, in the same partition.
        await Eventually.HoldsAsync(() => app.Log.Of(Topics.SlackEvents, learner.Key).ShouldNotBeEmpty());
        app.Log.Of(Topics.SlackEvents, learner.Key).ShouldHaveSingleItem().Text.ShouldContain("real");
        app.Log.Of(Topics.SlackInteractions, learner.Key).ShouldBeEmpty();
        await ingress.LogIsCleanAsync(learner.UserId);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(200)]
    public async Task A_connection_that_drips_is_closed(int millisecondsBetweenBytes)
    {
        using var connection = await RawConnection.OpenAsync(ingress.Url);
        var request = RawRequest.Event(Learner.New().Written(new string('x', 10_000)), GuardedIngress.Secret).ToBytes();
        var answer = connection.ReceiveAsync();

        for (var index = 0; index < request.Length && !answer.IsCompleted; index++)
        {
            if (!await connection.SendAsync(request.AsMemory(index, 1))) break;
            await Task.Delay(millisecondsBetweenBytes, TestContext.Current.CancellationToken);
        }

        ((await answer)?.Status).ShouldBeOneOf(null, 408);
        await ingress.LogIsCleanAsync();
    }

    [Fact]
    public async Task A_client_that_leaves_in_the_midst_of_a_body_is_no_failure()
    {
        for (var attempt = 0; attempt < 20; attempt++)
        {
            using var connection = await RawConnection.OpenAsync(ingress.Url);
            var request = RawRequest.Event(Learner.New().Written(App.Marker), GuardedIngress.Secret).ToBytes();
            await connection.SendAsync(request.AsMemory(0, request.Length - 1 - attempt));
            if (attempt % 2 == 0) connection.EndSending();
        }

        await ingress.Slack.AcceptedAsync(Learner.New().Written(App.Marker));
        await ingress.LogIsCleanAsync();
    }
}
