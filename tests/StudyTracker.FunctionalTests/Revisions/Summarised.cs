using System.Globalization;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Revisions;

internal sealed record RevisionRow(int Number, string State, string? Error);

/// <summary>A learner whose summary is delivered, and who then changes what it rests on.</summary>
internal sealed class Summarised(App app, Learner learner, IReadOnlyList<string> timestamps)
{
    private static long _edits;

    public Learner Learner => learner;

    /// <summary>The messages, in the order in which they were written.</summary>
    public IReadOnlyList<string> Timestamps => timestamps;

    /// <summary>The message in Slack.</summary>
    public string Ts { get; private set; } = "";

    public string RunId { get; private set; } = "";

    public Guid SummaryId { get; private set; }

    /// <summary>So many learners with a summary each of one run, delivered.</summary>
    public static async Task<IReadOnlyList<Summarised>> StartAsync(App app, int learners, params string[] texts)
    {
        var team = Learner.NewTeam();
        var all = new List<Summarised>();
        for (var index = 0; index < learners; index++) all.Add(await UnwrittenAsync(app, Learner.New(team), texts));
        await RunAsync(app, all);
        foreach (var one in all) one.Ts = (await Eventually.GetsAsync(() => app.Sandbox.PostsAsync(one.Learner), posts => posts.Count == 1))[0].Ts;
        return all;
    }

    public static async Task<Summarised> StartAsync(App app, params string[] texts) => (await StartAsync(app, 1, texts))[0];

    /// <summary>A learner with a summary that Slack refuses.</summary>
    public static async Task<Summarised> UndeliveredAsync(App app, Learner learner, params string[] texts)
    {
        var one = await UnwrittenAsync(app, learner, texts);
        await RunAsync(app, [one]);
        await Eventually.HoldsAsync(async () => (await app.Rows.DeliveriesAsync(learner)).ShouldHaveSingleItem().State.ShouldBe("Parked"));
        return one;
    }

    /// <summary>A learner who has written, and has no summary yet. Each text names its learner, so that no prompt is another's.</summary>
    public static async Task<Summarised> UnwrittenAsync(App app, Learner learner, params string[] texts)
    {
        var timestamps = texts.Select(_ => Learner.NewTs()).ToList();
        foreach (var (ts, text) in timestamps.Zip(texts)) await app.Slack.AcceptedAsync(learner.Written(Text(learner, text), ts));
        await app.Groups.CaughtUpAsync();
        return new Summarised(app, learner, timestamps);
    }

    public static string Text(Learner learner, string text) => $"{App.Marker} {learner.UserId} {text}";

    /// <summary>The learner edits a message; returns what Slack tells of it.</summary>
    public async Task<string> EditAsync(int message, string text)
    {
        var edited = learner.Edited(Text(learner, text), timestamps[message], Now());
        await app.Slack.AcceptedAsync(edited);
        return edited;
    }

    public Task DeleteAsync(int message) => app.Slack.AcceptedAsync(learner.Deleted(timestamps[message], Now()));

    /// <summary>Waits until the message that was delivered shows these words and none of others; it is the only one, and was posted once.</summary>
    public async Task ShowsAsync(string[] words, params string[] none)
    {
        await Eventually.HoldsAsync(async () =>
        {
            var shown = (await app.Sandbox.DirectMessagesAsync(learner)).ShouldHaveSingleItem();
            foreach (var word in words) shown.Text.ShouldContain(word);
            foreach (var word in none) shown.Text.ShouldNotContain(word);
            shown.Ts.ShouldBe(Ts);
        });
        (await app.Sandbox.PostsAsync(learner)).ShouldHaveSingleItem();
    }

    /// <summary>Waits until nothing of the learner's is left to be settled or written.</summary>
    public async Task<IReadOnlyList<RevisionRow>> SettledAsync()
    {
        await app.Groups.CaughtUpAsync();
        await Eventually.HoldsAsync(async () => (await EditsAsync()).ShouldBe(0));
        await Eventually.HoldsAsync(async () => (await RevisionsAsync()).ShouldAllBe(revision => revision.State != "Pending" && revision.State != "Written"));
        await app.Groups.CaughtUpAsync();
        return await RevisionsAsync();
    }

    public async Task<long> EditsAsync() => (await app.Rows.QueryAsync(
        "SELECT count(*) FROM study.message_edits WHERE (team_id, user_id) = ($1, $2)", row => row.GetInt64(0), learner.TeamId, learner.UserId))[0];

    public async Task<IReadOnlyList<RevisionRow>> RevisionsAsync() => await app.Rows.QueryAsync(
        "SELECT number, state, error FROM study.revisions WHERE (team_id, user_id) = ($1, $2) ORDER BY summary_id, number",
        row => new RevisionRow(row.GetInt32(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2)),
        learner.TeamId,
        learner.UserId);

    private static async Task RunAsync(App app, IReadOnlyList<Summarised> all)
    {
        var runId = await app.Operator.TriggerAsync();
        await app.Operator.FinishedAsync(runId);
        foreach (var one in all)
        {
            one.RunId = runId;
            one.SummaryId = (await app.Rows.SummariesAsync(one.Learner)).ShouldHaveSingleItem().Id;
        }
    }

    /// <summary>Later than every edit before.</summary>
    private static string Now()
    {
        var microseconds = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1_000 + Interlocked.Increment(ref _edits);
        return string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1_000_000}.{microseconds % 1_000_000:000000}");
    }
}
