namespace StudyTracker.Notifier.Pace;

/// <summary>A place in the pace: one call may be made now.</summary>
/// <param name="Request">For what.</param>
/// <param name="Ticket">Under which it was taken.</param>
/// <param name="ClosedFor">
/// Not a place after all: Slack refuses the workspace's token, and has for longer than deliveries wait for it. The error.
/// </param>
internal sealed record Place(PlaceRequest Request, string Ticket, string? ClosedFor = null);

/// <summary>One who waits for a place.</summary>
internal sealed class Waiter(PlaceRequest request, string ticket)
{
    private readonly TaskCompletionSource<Place> _place = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PlaceRequest Request => request;

    public string Ticket => ticket;

    public Task<Place> Place => _place.Task;

    /// <summary>Whether it waits no longer.</summary>
    public bool IsGone => _place.Task.IsCompleted;

    /// <summary>Its channel has to wait until then.</summary>
    public DateTimeOffset NotBefore { get; set; }

    public bool Give(string? closedFor = null) => _place.TrySetResult(new Place(request, ticket, closedFor));

    public void Leave() => _place.TrySetCanceled();
}
