using System.Text.Json;

namespace StudyTracker.LoadTests.Scenarios;

/// <summary>A scenario as scenarios.json describes it.</summary>
/// <param name="Id">What people call it: SC1.</param>
/// <param name="Title">Its title.</param>
/// <param name="TitleKo">Its title in the report.</param>
/// <param name="What">What happens, in plain words.</param>
/// <param name="Thresholds">What must hold.</param>
/// <param name="Compare">Which of our figures stand beside which of the report's.</param>
/// <param name="Inconsistencies">What is wrong with the report's figures.</param>
internal sealed record Scenario(
    string Id,
    string Title,
    string TitleKo,
    string What,
    IReadOnlyList<Threshold> Thresholds,
    IReadOnlyList<ComparedFigure> Compare,
    IReadOnlyList<string> Inconsistencies)
{
    /// <summary>Events of connections; null when people write by the clock.</summary>
    public ClosedLoad? Closed { get; init; }

    /// <summary>People who write by the clock.</summary>
    public OpenLoad? Open { get; init; }

    /// <summary>Triggers by the clock.</summary>
    public TriggerLoad? Triggers { get; init; }

    /// <summary>Share of Slack's answers that are 429.</summary>
    public double Slack429 { get; init; }
}

/// <summary>Stages of users who send one event after the other.</summary>
/// <param name="Stages">The stages.</param>
/// <param name="Learners">Over how many learners the events are spread.</param>
/// <param name="Connections"><c>perUser</c> or <c>perRequest</c>.</param>
internal sealed record ClosedLoad(IReadOnlyList<ClosedStage> Stages, int Learners, string Connections)
{
    /// <summary>How many events are due in a second; null: a user sends as soon as it has its answer.</summary>
    public double? RequestsPerSecond { get; init; }

    /// <summary>How long nothing is sent between two stages.</summary>
    public double GapSeconds { get; init; }

    /// <summary>From which local addresses: <c>any</c>, <c>limited</c> (few ports) or <c>spread</c> (several addresses).</summary>
    public string Source { get; init; } = "any";
}

/// <summary>A stage.</summary>
/// <param name="Users">Users, each with its connection.</param>
/// <param name="Loops">Events of each.</param>
internal sealed record ClosedStage(int Users, int Loops);

/// <summary>People who write by the clock.</summary>
/// <param name="Users">How many.</param>
/// <param name="MessagesPerUser">Messages of each.</param>
/// <param name="WindowSeconds">Within which time.</param>
internal sealed record OpenLoad(int Users, int MessagesPerUser, double WindowSeconds);

/// <summary>Triggers by the clock.</summary>
/// <param name="Count">How many.</param>
/// <param name="FirstAtSeconds">When the first is sent.</param>
/// <param name="EverySeconds">How much later each further one is.</param>
internal sealed record TriggerLoad(int Count, double FirstAtSeconds, double EverySeconds);

/// <summary>What must hold.</summary>
/// <param name="Figure">Name of one of the run's figures.</param>
/// <param name="Is">==, &lt;, &lt;=, &gt; or &gt;=.</param>
/// <param name="Than">A number, or the name of another figure.</param>
/// <param name="Why">Why.</param>
internal sealed record Threshold(string Figure, string Is, JsonElement Than, string? Why = null);

/// <summary>One of our figures beside the report's.</summary>
/// <param name="Label">What it is.</param>
/// <param name="Ours">Name of our figure.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Local">The report's local run: a number, words, or null.</param>
/// <param name="Cloud">The report's cloud run.</param>
/// <param name="Note">What to know when comparing.</param>
internal sealed record ComparedFigure(string Label, string Ours, string Unit, JsonElement? Local, JsonElement? Cloud, string? Note = null);

/// <summary>Slack's limits, as far as scenarios depend on them.</summary>
/// <param name="EventsPerHourAndWorkspace">Events that Slack delivers.</param>
/// <param name="PostsPerMinuteAndWorkspace">Messages that Slack takes.</param>
/// <param name="Burst">Messages that the Notifier posts at once before it keeps that pace.</param>
/// <param name="LeastSeconds">What a run may take however few its messages are: the model has to answer.</param>
/// <param name="SecondsBeforeRetry">How long Slack waits for an answer.</param>
internal sealed record SlackLimits(
    int EventsPerHourAndWorkspace, int PostsPerMinuteAndWorkspace, int Burst, double LeastSeconds, double SecondsBeforeRetry)
{
    /// <summary>How long Slack's limits alone make so many messages to one workspace take.</summary>
    public TimeSpan Allowed(int posts, double postsPerMinute) =>
        TimeSpan.FromSeconds(Math.Max(LeastSeconds, Math.Max(0, posts - Burst) * 60 / postsPerMinute));
}
