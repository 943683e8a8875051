using StudyTracker.LoadTests.Connections;
using StudyTracker.LoadTests.Engine;

namespace StudyTracker.LoadTests.Scenarios;

/// <summary>A scenario with the options of one run applied: what is sent, and when.</summary>
internal sealed class LoadPlan
{
    private readonly LoadOptions _options;
    private readonly List<string> _notes = [];

    private LoadPlan(Scenario scenario, SlackLimits slack, LoadOptions options)
    {
        (Scenario, Slack, _options) = (scenario, slack, options);
        Stages = scenario.Open is { } open ? [OpenStage(open)] : [.. ClosedStages(scenario.Closed!)];
        EventCount = Stages.Sum(stage => stage.Count);
        Learners = scenario.Open is { } people ? Scaled(people.Users) : Scaled(scenario.Closed!.Learners);
        var cap = slack.EventsPerHourAndWorkspace;
        Workspaces = options.Workspaces > 0 ? options.Workspaces : (EventCount + cap - 1) / cap;
        Triggers = scenario.Triggers is { } triggers ? new Stage("triggers", 0, triggers.Count, 1) { Due = Due(triggers) } : null;
        Describe(cap);
    }

    /// <summary>The scenario.</summary>
    public Scenario Scenario { get; }

    /// <summary>Slack's limits.</summary>
    public SlackLimits Slack { get; }

    /// <summary>The events.</summary>
    public IReadOnlyList<Stage> Stages { get; }

    /// <summary>The triggers; null when there are none.</summary>
    public Stage? Triggers { get; }

    /// <summary>How many events.</summary>
    public int EventCount { get; }

    /// <summary>How many learners write them.</summary>
    public int Learners { get; }

    /// <summary>In how many workspaces.</summary>
    public int Workspaces { get; }

    /// <summary>How much faster than the clock it goes; stages of connections have no clock.</summary>
    public double Speed => Scenario.Open is null ? 1 : _options.Speed;

    /// <summary>Share of Slack's answers that are 429.</summary>
    public double Slack429 => _options.Slack429 >= 0 ? _options.Slack429 : Scenario.Slack429;

    /// <summary>What a reader has to know about how this run differs from the scenario.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>About how long the load takes; 0 when that is not known before.</summary>
    public TimeSpan Length => Max(
        Stages.Aggregate(TimeSpan.Zero, (sum, stage) => sum + (stage.Due is { Length: > 0 } due ? due[^1] : TimeSpan.Zero) + stage.Pause),
        Triggers?.Due is { Length: > 0 } last ? last[^1] : TimeSpan.Zero);

    /// <summary>Applies options to a scenario.</summary>
    public static LoadPlan Of(Scenario scenario, SlackLimits slack, LoadOptions options) => new(scenario, slack, options);

    private Stage OpenStage(OpenLoad open)
    {
        var users = Scaled(open.Users);
        var count = users * open.MessagesPerUser;
        var window = TimeSpan.FromSeconds(open.WindowSeconds / _options.Speed);
        return new Stage("messages", 0, count, users)
        {
            Due = _options.Arrivals == "poisson" ? Arrivals.Poisson(count, window, _options.Seed) : Arrivals.Constant(count, window),
            Use = ConnectionUse.Pooled,
        };
    }

    private IEnumerable<Stage> ClosedStages(ClosedLoad closed)
    {
        var rate = _options.Rate >= 0 ? _options.Rate : closed.RequestsPerSecond ?? 0;
        var first = 0;
        foreach (var (planned, index) in closed.Stages.Select((stage, index) => (stage, index)))
        {
            var users = Scaled(planned.Users);
            var count = users * planned.Loops;
            var window = TimeSpan.FromSeconds(rate > 0 ? count / rate : 0);
            yield return new Stage($"{users:N0} connections", first, count, users)
            {
                Due = rate <= 0 ? null
                    : _options.Arrivals == "poisson" ? Arrivals.Poisson(count, window, _options.Seed + index)
                    : Arrivals.Constant(count, window),
                Use = closed.Connections == "perRequest" ? ConnectionUse.PerRequest : ConnectionUse.PerUser,
                Source = closed.Source switch
                {
                    "limited" => SourceAddress.LimitedTo(_options.Ports),
                    "spread" => SourceAddress.Spread(_options.Sources),
                    _ => SourceAddress.Any,
                },
                // A small form of a scenario has small gaps.
                Pause = index == closed.Stages.Count - 1 ? TimeSpan.Zero : TimeSpan.FromSeconds(closed.GapSeconds * Math.Min(1, _options.Scale)),
            };
            first += count;
        }
    }

    private TimeSpan[] Due(TriggerLoad triggers) =>
        [.. Enumerable.Range(0, triggers.Count).Select(trigger => TimeSpan.FromSeconds((triggers.FirstAtSeconds + trigger * triggers.EverySeconds) / _options.Speed))];

    private int Scaled(int users) => Math.Max(1, (int)Math.Round(users * _options.Scale));

    private void Describe(int cap)
    {
        if (Speed != 1)
            _notes.Add($"Time is compressed: everything by the clock happens {Speed:0.##} times as fast, and Slack's limits a minute are as many times higher, as far as our own limits go.");
        if (_options.Scale != 1) _notes.Add($"{_options.Scale:0.###} of the scenario's users.");
        _notes.Add(EventCount > (long)cap * Workspaces
            ? $"Slack would not deliver this: {EventCount:N0} events to {Workspaces:N0} workspaces are over its cap of {cap:N0} an hour for each."
            : $"{EventCount:N0} events over {Workspaces:N0} {(Workspaces == 1 ? "workspace" : "workspaces")}: Slack's cap is {cap:N0} an hour for each.");
        if (Scenario.Closed is not null && _options.Rate == 0) _notes.Add("Not paced: each user sends as soon as it has its answer.");
        if (Slack429 > 0) _notes.Add($"{Slack429:P0} of Slack's answers are 429.");
        if (_options.Kill.Length > 0) _notes.Add($"Killed with -9 on the way: {_options.Kill}.");
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
