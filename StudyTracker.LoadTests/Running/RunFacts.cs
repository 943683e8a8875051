using StudyTracker.LoadTests.Engine;
using StudyTracker.LoadTests.Ledger;
using StudyTracker.LoadTests.Sampling;
using StudyTracker.LoadTests.Scenarios;

namespace StudyTracker.LoadTests.Running;

/// <summary>Everything that a run has observed; all figures are made from it.</summary>
internal sealed record RunFacts
{
    public required LoadPlan Plan { get; init; }

    public required Cast Cast { get; init; }

    public required Samples Events { get; init; }

    public required Samples Triggers { get; init; }

    /// <summary>The beginning of the load, as a timestamp.</summary>
    public required long Start { get; init; }

    /// <summary>When the last request had ended.</summary>
    public required long LoadEnd { get; init; }

    /// <summary>When the pipeline had nothing left to do, or was given up.</summary>
    public required long DrainEnd { get; init; }

    /// <summary>Whether it had nothing left to do.</summary>
    public required bool Drained { get; init; }

    /// <summary>The most connections for events that were open at once.</summary>
    public required int PeakConnections { get; init; }

    /// <summary>What stands in PostgreSQL; null when it could not be asked.</summary>
    public required StoredFacts? Stored { get; init; }

    /// <summary>Calls that Slack and the model have counted during the run; null when they could not be asked.</summary>
    public required SlackCalls? Slack { get; init; }

    /// <summary>Messages that Slack took for the run's workspaces; null when it could not be asked.</summary>
    public required SlackPosts? Posts { get; init; }

    public required Series Series { get; init; }

    /// <summary>The generator's lag.</summary>
    public required LatencySummary? Lag { get; init; }

    /// <summary>Messages that the Notifier posts to a workspace in a minute.</summary>
    public required double PostsPerMinute { get; init; }

    /// <summary>Whether the engine tells when a request was due.</summary>
    public required bool KnowsIntendedTimes { get; init; }
}

/// <summary>What stands in PostgreSQL about a run. Times are on this machine's clock.</summary>
internal sealed record StoredFacts(
    IReadOnlyList<StoredEvent> Events,
    IReadOnlyDictionary<string, DateTimeOffset?> PlannedAt,
    IReadOnlyList<RunPart> Parts,
    ILookup<string, DateTimeOffset> Deliveries,
    int Readers)
{
    /// <summary>Reads it all.</summary>
    public static async Task<StoredFacts> ReadAsync(StudyRows rows, int triggers, CancellationToken cancel)
    {
        var ahead = await rows.ClockAheadAsync(cancel);
        var events = await rows.EventsAsync(cancel);
        var runs = await rows.RunsAsync(triggers, cancel);
        var deliveries = await rows.DeliveriesAsync(cancel);
        return new(
            [.. events.Select(stored => stored with { StoredAt = stored.StoredAt - ahead, DeliveredAt = stored.DeliveredAt - ahead })],
            runs.ToDictionary(run => run.RunId, run => run.PlannedAt - ahead),
            await rows.PartsAsync(cancel),
            deliveries.ToLookup(delivery => delivery.RunId, delivery => delivery.At - ahead),
            await rows.ReadersAsync(cancel));
    }
}
