using System.Diagnostics;
using Npgsql;
using StudyTracker.AppHost.Local;

namespace StudyTracker.AppHost.Demo;

/// <summary>
/// One day of six learners, from their messages to their summaries. Every step is safe to repeat and is repeated until it has
/// its effect, so that any service can be killed at any time meanwhile.
/// </summary>
internal sealed class DemoRun(LocalHost host, HostOutput output) : IDisposable
{
    // The longest that a killed service holds things up: its restart, and until its group has noticed.
    private static readonly TimeSpan _stepLimit = TimeSpan.FromSeconds(60);

    private const string FirstRun = "demo-daily-1";
    private const string SecondRun = "demo-daily-2";

    private readonly DemoScript _script = DemoScript.Load();
    private readonly Patience _patience = new(_stepLimit);
    private readonly SandboxClient _sandbox = new(host.Services[ServiceNames.Sandbox].Url);
    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create(host.StudyDb);

    /// <summary>Plays it and prints it.</summary>
    /// <returns>Whether the ledger adds up.</returns>
    public async Task<bool> PlayAsync(CancellationToken cancel)
    {
        await WriteAsync(cancel);
        await TriggerAsync(FirstRun, cancel);
        var figures = await AwaitAsync(
            "summary", figures => figures.Summaries, figures => figures.IsThrough(FirstRun), "summaries are delivered", cancel);
        var posts = await _patience.UntilAsync(_sandbox.PostsAsync, posts => posts.Count >= (figures?.Delivered ?? 0), cancel) ?? [];
        PrintMessage(posts);

        await TriggerAsync(SecondRun, cancel);
        figures = await _patience.UntilAsync(ReadAsync, figures => figures.IsThrough(SecondRun), cancel);
        return await PrintLedgerAsync(figures, cancel);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _sandbox.Dispose();
        _database.Dispose();
    }

    private async Task WriteAsync(CancellationToken cancel)
    {
        var events = _script.Events(DateTimeOffset.UtcNow);
        output.Say($"\n{_script.Learners.Count} learners write {_script.MessageCount} messages about their day. Slack delivers "
            + $"{events.Count(written => written.Times > 1)} of them more than once and {events.Count(written => written.DelayMs > 0)} late. "
            + $"Besides, there is {string.Join(", and ", _script.Others.Select(other => other.Who))}.");
        foreach (var written in events)
        {
            await _patience.UntilAsync(token => _sandbox.SendAsync(written, token), _ => true, cancel);
        }

        var times = events.ToDictionary(written => written.EventId, written => written.Times);
        await _patience.UntilAsync(
            _sandbox.EventsAsync, sent => sent.Count == events.Count && sent.All(one => one.IsSettled(times[one.EventId])), cancel);
        await AwaitAsync(
            "message", figures => figures.Messages, figures => figures.Messages >= _script.MessageCount, "messages are stored", cancel);
    }

    private async Task TriggerAsync(string run, CancellationToken cancel)
    {
        output.Say(run == FirstRun
            ? "The daily summary is triggered."
            : "The daily summary is triggered again, right after the first.");
        await _patience.UntilAsync(token => _sandbox.TriggerAsync("daily", run, token), _ => true, cancel);
    }

    private async Task<StudyFigures?> AwaitAsync(
        string what, Func<StudyFigures, int> count, Func<StudyFigures, bool> done, string sentence, CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        var figures = await _patience.UntilAsync(ReadAsync, done, cancel);
        output.Say(figures is not null && done(figures)
            ? $"All {count(figures)} {sentence} after {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s."
            : $"After {_stepLimit.TotalSeconds:0} s not every {what} had got through; the ledger shows how far they got.");
        return figures;
    }

    private Task<StudyFigures> ReadAsync(CancellationToken cancel) => StudyFigures.ReadAsync(_database, cancel);

    private void PrintMessage(IReadOnlyList<Post> posts)
    {
        var learner = _script.Learners[0];
        var post = posts.FirstOrDefault(post => (post.TeamId, post.UserId) == (learner.Team, learner.User));
        if (post is null)
        {
            return;
        }

        output.Say($"\nWhat {learner.Name} reads in Slack:\n");
        foreach (var line in BlockText.Lines(post.Blocks, post.Text).SelectMany(line => BlockText.Wrap(line, 100)))
        {
            output.Say($"  │ {line}");
        }

        output.Say("");
    }

    private async Task<bool> PrintLedgerAsync(StudyFigures? figures, CancellationToken cancel)
    {
        var sent = await _patience.UntilAsync(_sandbox.EventsAsync, _ => true, cancel);
        var posts = await _patience.UntilAsync(_sandbox.PostsAsync, _ => true, cancel);
        var calls = await _patience.UntilAsync(_sandbox.ModelCallsAsync, _ => true, cancel);
        if (figures is null || sent is null || posts is null || calls is null)
        {
            output.Say("The ledger cannot be read: the Sandbox or the database does not answer.");
            return false;
        }

        var ledger = DemoLedger.From(_script.MessageCount, sent, posts, calls.Answered, figures, SecondRun);
        output.Say("The ledger:\n");
        foreach (var line in ledger.Lines())
        {
            output.Say($"  {line.Name,-11} {line.Text}{(line.AddsUp ? "" : "   <-- does not add up")}");
        }

        output.Say(Latencies(figures, posts));
        output.Say(ledger.AddsUp ? "Everything adds up." : "It does not add up.");
        return ledger.AddsUp;
    }

    private static string Latencies(StudyFigures figures, IReadOnlyList<Post> posts)
    {
        var delivered = posts.Select(post => (post.At - figures.Runs[FirstRun].RequestedAt).TotalMilliseconds).Order().ToList();
        var toSlack = delivered.Count == 0 ? "none" : $"{delivered[delivered.Count / 2]:N0} ms, at most {delivered[^1]:N0} ms";
        return $"\n  event → stored       median {figures.StoredMs.Median:N0} ms, at most {figures.StoredMs.Longest:N0} ms"
            + $"\n  trigger → delivered  median {toSlack}\n";
    }
}
