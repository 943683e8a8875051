using System.Net;
using StackExchange.Redis;
using StudyTracker.AppHost.Local;
using StudyTracker.AppHost.Local.Processes;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Faults;

/// <summary>A member is erased while what has to know of it is away: nothing is said to be gone that is still there.</summary>
[Collection(nameof(OneFaultAtATime))]
public sealed class ErasureTests(App app) : IDisposable
{
    private const int SigCont = 18;

    // A client gives Redis up after a second, and Kafka after the producer's time limit.
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(40) };

    [Fact]
    public async Task While_redis_is_away_the_operator_is_told_to_try_again_and_then_it_is_gone_from_the_cache_too()
    {
        var learner = await SummarisedAsync();
        var prompt = (await PromptsAsync(learner)).ShouldHaveSingleItem();
        (await IsCachedAsync(prompt)).ShouldBeTrue();

        // Stopped and not ended: what it holds is still there when it comes back.
        Posix.Signal(app.Host.Redis!.Pid, Posix.SigStop);
        try
        {
            await RefusedAsync(learner, "Redis");
        }
        finally
        {
            Posix.Signal(app.Host.Redis.Pid, SigCont);
        }

        await GoneAsync(learner);
        (await IsCachedAsync(prompt)).ShouldBeFalse();
    }

    [Fact]
    public async Task While_kafka_is_away_the_operator_is_told_to_try_again_and_then_delivery_forgets_the_member_too()
    {
        var learner = await SummarisedAsync();
        app.Kafka.SetDown();
        try
        {
            await RefusedAsync(learner, "Kafka");
        }
        finally
        {
            await app.KafkaReturnsAsync();
        }

        await GoneAsync(learner);
    }

    public void Dispose() => _http.Dispose();

    private async Task<Learner> SummarisedAsync()
    {
        var learner = Learner.New();
        await app.Slack.AcceptedAsync(learner.Written($"{App.Marker} {learner.UserId} learned about erasure today."));
        await app.Groups.CaughtUpAsync();
        await app.Operator.FinishedAsync(await app.Operator.TriggerAsync());
        await app.Groups.CaughtUpAsync();
        (await app.Rows.DeliveriesAsync(learner)).ShouldHaveSingleItem();
        return learner;
    }

    /// <summary>The member cannot be erased now, and is all there.</summary>
    private async Task RefusedAsync(Learner learner, string away)
    {
        using var answer = await EraseAsync(learner);
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain($"{away} does not answer");
        (await app.Rows.MessagesAsync(learner)).ShouldHaveSingleItem();
        (await app.Rows.SummariesAsync(learner)).ShouldHaveSingleItem();
        (await app.Rows.DeliveriesAsync(learner)).ShouldHaveSingleItem();
    }

    private async Task GoneAsync(Learner learner)
    {
        await Eventually.HoldsAsync(async () =>
        {
            using var answer = await EraseAsync(learner);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        });
        (await app.Rows.MessagesAsync(learner)).ShouldBeEmpty();
        (await app.Rows.SummariesAsync(learner)).ShouldBeEmpty();
        await Eventually.HoldsAsync(async () => (await app.Rows.DeliveriesAsync(learner)).ShouldBeEmpty());
    }

    private async Task<HttpResponseMessage> EraseAsync(Learner learner)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Delete, new Uri(app.Host.Services[ServiceNames.Summarizer].ManagementUrl, $"/members/{learner.TeamId}/{learner.UserId}"));
        request.Headers.Add("X-Api-Key", app.Host.OperatorKey);
        return await _http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private Task<List<string>> PromptsAsync(Learner learner) => app.Rows.QueryAsync(
        "SELECT prompt_hash FROM study.summaries WHERE team_id = $1 AND user_id = $2", row => row.GetString(0), learner.TeamId, learner.UserId);

    private async Task<bool> IsCachedAsync(string prompt)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(app.Host.RedisServers);
        return redis.GetServers().SelectMany(server => server.Keys()).Any(key => $"{key}".EndsWith($"{{{prompt}}}", StringComparison.Ordinal));
    }
}
