using StudyTracker.Notifier.Slack;

namespace StudyTracker.Notifier.Pace;

/// <summary>What a call of Slack's Web API needs a place for.</summary>
/// <param name="TeamId">The workspace.</param>
/// <param name="Method">The method.</param>
/// <param name="Channel">Whom it reaches: the reader's id, for posts; null where channels have no limit of their own.</param>
internal readonly record struct PlaceRequest(string TeamId, SlackMethod Method, string? Channel);

/// <summary>What a limit or a pause is about.</summary>
internal enum PaceScope
{
    /// <summary>One channel of a workspace.</summary>
    Channel,

    /// <summary>One method in a workspace.</summary>
    Method,

    /// <summary>All methods in a workspace.</summary>
    Workspace,
}

/// <summary>The answer to whoever asks for a place.</summary>
/// <param name="Wait">How long to wait before asking again; zero: the place is taken.</param>
/// <param name="Scope">What stands in the way longest.</param>
internal readonly record struct PlaceAnswer(TimeSpan Wait, PaceScope Scope);

/// <summary>Where the budgets are kept: in Redis for all replicas, or in this process while Redis is away.</summary>
internal interface IPlaces
{
    /// <summary>Takes a place under a ticket that nobody else uses, if all budgets have one now.</summary>
    ValueTask<PlaceAnswer> TakeAsync(PlaceRequest request, string ticket);

    /// <summary>Gives a place back: the call did not count.</summary>
    ValueTask ReturnAsync(PlaceRequest request, string ticket);

    /// <summary>Gives out no place in a scope for a while; a longer pause is not made shorter.</summary>
    ValueTask PauseAsync(PlaceRequest request, PaceScope scope, TimeSpan duration);

    /// <summary>Ends a pause of a workspace.</summary>
    ValueTask ResumeAsync(string teamId);
}
