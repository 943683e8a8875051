using System.Diagnostics;
using System.Net;
using StudyTracker.AppHost.Local;
using StudyTracker.LoadTests.Connections;
using StudyTracker.LoadTests.Engine;
using StudyTracker.LoadTests.Ledger;
using StudyTracker.LoadTests.Sampling;
using StudyTracker.LoadTests.Scenarios;
using StudyTracker.LoadTests.Targets;

namespace StudyTracker.LoadTests.Running;

/// <summary>One replay of a scenario: sends, looks on, waits until all is done, and gathers what both ends have counted.</summary>
internal sealed class LoadRun(LoadPlan plan, LoadOptions options, LoadTarget target, ILoadEngine engine, RunOutput output)
{
    private readonly Cast _cast = new(Cast.NewRun(DateTimeOffset.UtcNow), plan.Learners, plan.Workspaces);
    private readonly Samples _events = new(plan.EventCount);
    private readonly Samples _triggers = new(plan.Triggers?.Count ?? 0);
    private readonly TimeSpan _timeout = TimeSpan.FromMilliseconds(options.TimeoutMs);
    private readonly List<(ServiceProcess Process, double Share)> _kills = [.. Kill.Parse(options.Kill).Select(kill => (kill.ProcessOf(target), kill.Share))];
    private Func<GeneratorState> _state = () => default;
    private int _peakConnections;

    /// <summary>Runs it to its end.</summary>
    /// <exception cref="OperationCanceledException">Somebody stopped it.</exception>
    public async Task<RunFacts> RunAsync(CancellationToken cancel)
    {
        var ingress = await Server.ResolveAsync(target.Ingress, cancel);
        var requests = new Requests(_cast, ingress, System.Text.Encoding.UTF8.GetBytes(target.SigningSecret), target.OperatorKey);
        await using var rows = target.StudyDb.Length > 0 ? new StudyRows(target.StudyDb, _cast) : null;
        using var slack = target.Sandbox is { } sandbox ? new SlackSide(sandbox) : null;
        var before = slack is null ? null : await slack.CallsAsync(cancel);
        if (plan.Slack429 > 0) await Set429Async(slack, plan.Slack429, cancel);

        // What an earlier scenario has left behind must not be collected during this one.
        GC.Collect();
        using var lag = new LagProbe();
        var start = Stopwatch.GetTimestamp();
        var sampler = new Sampler(target, _events, () => _state(), lag, start);
        await using (sampler)
        {
            await using var live = new LiveProgress(plan, _events, _triggers, () => _state(), sampler.Series, start, output);
            await Task.WhenAll(SendEventsAsync(ingress, requests, cancel), SendTriggersAsync(ingress, requests, cancel), KillAsync(cancel));
            var loadEnd = Stopwatch.GetTimestamp();
            cancel.ThrowIfCancellationRequested();
            var drain = new Drain(rows, _events, _triggers, TimeSpan.FromSeconds(options.DrainSeconds), live);
            var drained = await drain.WaitAsync(cancel);
            var drainEnd = Stopwatch.GetTimestamp();
            if (plan.Slack429 > 0) await Set429Async(slack, 0, cancel);
            var after = slack is null ? null : await slack.CallsAsync(cancel);
            return new RunFacts
            {
                Plan = plan,
                Cast = _cast,
                Events = _events,
                Triggers = _triggers,
                Start = start,
                LoadEnd = loadEnd,
                DrainEnd = drainEnd,
                Drained = drained,
                PeakConnections = _peakConnections,
                Stored = rows is null ? null : await StoredFacts.ReadAsync(rows, _triggers.Count, cancel),
                Slack = before is null ? null : after?.Since(before),
                Posts = slack is null ? null : await slack.PostsAsync(_cast.Teams, cancel),
                Series = sampler.Series,
                Lag = lag.Summary(),
                PostsPerMinute = target.PostsPerMinute ?? plan.Slack.PostsPerMinuteAndWorkspace,
                KnowsIntendedTimes = engine.KnowsIntendedTimes,
            };
        }
    }

    private static Task Set429Async(SlackSide? slack, double share, CancellationToken cancel) =>
        slack?.Set429Async(share, cancel) ?? throw new LoadException("Slack's 429s need the Sandbox: set its address with --set sandbox=http://….");

    private async Task SendEventsAsync(Server ingress, Requests requests, CancellationToken cancel)
    {
        foreach (var stage in plan.Stages)
        {
            var server = stage.Source.PortCount is null ? ingress : ingress with { Address = new IPEndPoint(OwnAddress.Find(), ingress.Address.Port) };
            using var opener = new LinkOpener(server, stage.Source, _timeout, options.ConnectsAtOnce);
            using LinkSource links = stage.Use switch
            {
                ConnectionUse.PerUser => new LinkPerUser(opener, stage.Users),
                ConnectionUse.PerRequest => new LinkPerRequest(opener),
                _ => new PooledLinks(opener),
            };
            var sender = new Sender(stage, links, _events, requests.BuildEvent, options.MaxInFlight, cancel);
            _state = () => new(sender.InFlight, opener.Open, stage.Users);
            await using var stop = cancel.Register(opener.AbortAll);
            await engine.RunAsync(stage, sender.SendAsync, cancel);
            _state = () => default;
            _peakConnections = Math.Max(_peakConnections, opener.Peak);
            await Task.Delay(stage.Pause, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Always by our own engine: a few requests by the clock, beside whatever sends the events.</summary>
    private async Task SendTriggersAsync(Server ingress, Requests requests, CancellationToken cancel)
    {
        if (plan.Triggers is not { } stage) return;
        using var opener = new LinkOpener(ingress, SourceAddress.Any, _timeout, atOnce: stage.Count);
        using var links = new PooledLinks(opener);
        var sender = new Sender(stage, links, _triggers, requests.BuildTrigger, options.MaxInFlight, cancel);
        await new OwnEngine().RunAsync(stage, sender.SendAsync, cancel);
    }

    private async Task KillAsync(CancellationToken cancel)
    {
        var kills = _kills.Select(async kill =>
        {
            await Task.Delay(plan.Length * kill.Share, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            kill.Process.Kill(); // its host starts it again
            output.Say($"{kill.Process.Name} is killed with -9.");
        });
        await Task.WhenAll(kills);
    }
}
