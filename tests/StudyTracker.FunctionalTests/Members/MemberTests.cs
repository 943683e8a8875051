using System.Net;
using System.Text.Json;
using StackExchange.Redis;
using StudyTracker.AppHost.Local;
using StudyTracker.FunctionalTests.Runs;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Members;

[Collection(nameof(OneRunAtATime))]
public sealed class MemberTests(App app) : IDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };

    [Fact]
    public async Task An_export_holds_everything_about_the_member_and_nothing_about_others()
    {
        var (learner, other) = await SummarisedAsync();

        using var answer = await SendAsync(HttpMethod.Get, learner, "/export");
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        text.ShouldNotContain(other.UserId);
        using var export = JsonDocument.Parse(text);
        foreach (var table in new[] { "members", "messages", "coverage", "jobs", "summaries" })
            export.RootElement.GetProperty(table).EnumerateArray().ShouldNotBeEmpty(table);
        export.RootElement.GetProperty("messages")[0].GetProperty("text").GetString().ShouldBe(Text(learner));
    }

    [Fact]
    public async Task An_erased_member_is_in_no_table_and_not_in_the_cache_and_starts_afresh()
    {
        var (learner, other) = await SummarisedAsync();
        var prompts = await PromptsAsync(learner);
        (await CachedAsync(prompts)).ShouldBeGreaterThan(0);

        using var answer = await SendAsync(HttpMethod.Delete, learner);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await CachedAsync(prompts)).ShouldBe(0);
        foreach (var table in await TablesAsync("study")) (await RowsAsync(table, learner)).ShouldBe(0, table);
        foreach (var table in await TablesAsync("delivery"))
            await Eventually.HoldsAsync(async () => (await RowsAsync(table, learner)).ShouldBe(0, table));
        (await app.Rows.SummariesAsync(other)).ShouldHaveSingleItem();
        (await app.Rows.DeliveriesAsync(other)).ShouldHaveSingleItem();
        (await CachedAsync(await PromptsAsync(other))).ShouldBe(1);
        using var again = await SendAsync(HttpMethod.Delete, learner);
        again.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var export = await SendAsync(HttpMethod.Get, learner, "/export");
        export.StatusCode.ShouldBe(HttpStatusCode.NotFound);

        await app.Slack.AcceptedAsync(learner.Written($"{App.Marker} afresh"));
        await app.Groups.CaughtUpAsync();
        (await app.Rows.MessagesAsync(learner)).ShouldHaveSingleItem().Text.ShouldEndWith("afresh");
        (await RowsAsync("study.members", learner)).ShouldBe(1);
    }

    [Fact]
    public async Task Messages_that_come_while_a_member_is_erased_are_gone_or_have_a_member()
    {
        var learner = Learner.New();
        for (var round = 0; round < 10; round++)
        {
            var writing = Task.WhenAll(Enumerable.Range(0, 10).Select(_ => app.Slack.AcceptedAsync(learner.Written(App.Marker))));
            using var answer = await SendAsync(HttpMethod.Delete, learner);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            await writing;
        }

        await app.Groups.CaughtUpAsync();
        if ((await app.Rows.MessagesAsync(learner)).Count > 0) (await RowsAsync("study.members", learner)).ShouldBe(1);
    }

    [Theory]
    [InlineData("GET", "/export")]
    [InlineData("DELETE", "")]
    public async Task Only_operators_may(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), Address(Learner.New(), path));
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Two learners of one workspace who have each got a summary.</summary>
    private async Task<(Learner, Learner)> SummarisedAsync()
    {
        var one = Learner.New();
        var other = Learner.New(one.TeamId);
        foreach (var learner in new[] { one, other }) await app.Slack.AcceptedAsync(learner.Written(Text(learner)));
        await app.Groups.CaughtUpAsync();
        await app.Operator.FinishedAsync(await app.Operator.TriggerAsync());
        await app.Groups.CaughtUpAsync();
        (await app.Rows.DeliveriesAsync(one)).ShouldHaveSingleItem();
        return (one, other);
    }

    private static string Text(Learner learner) => $"{App.Marker} I learned {learner.UserId} today.";

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, Learner learner, string path = "")
    {
        using var request = new HttpRequestMessage(method, Address(learner, path));
        request.Headers.Add("X-Api-Key", app.Host.OperatorKey);
        return await _http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private Uri Address(Learner learner, string path) =>
        new(app.Host.Services[ServiceNames.Summarizer].ManagementUrl, $"/members/{learner.TeamId}/{learner.UserId}{path}");

    private Task<List<string>> PromptsAsync(Learner learner) => app.Rows.QueryAsync(
        "SELECT prompt_hash FROM study.summaries WHERE team_id = $1 AND user_id = $2", row => row.GetString(0), learner.TeamId, learner.UserId);

    /// <summary>How many of these prompts have an answer in the cache, whatever it calls them.</summary>
    private async Task<int> CachedAsync(List<string> prompts)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(app.Host.RedisServers);
        var keys = redis.GetServers().SelectMany(server => server.Keys()).Select(key => $"{key}").ToList();
        return prompts.Count(prompt => keys.Any(key => key.EndsWith($"{{{prompt}}}", StringComparison.Ordinal)));
    }

    private Task<List<string>> TablesAsync(string schema) => app.Rows.QueryAsync(
        """
        SELECT format('%I.%I', table_schema, table_name) FROM information_schema.columns
        WHERE table_schema = $1 AND column_name = 'user_id' ORDER BY 1
        """,
        row => row.GetString(0),
        schema);

    private async Task<long> RowsAsync(string table, Learner learner) => (await app.Rows.QueryAsync(
        $"SELECT count(*) FROM {table} WHERE team_id = $1 AND user_id = $2", row => row.GetInt64(0), learner.TeamId, learner.UserId)).Single();
}
