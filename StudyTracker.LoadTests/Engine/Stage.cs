using StudyTracker.LoadTests.Connections;
using StudyTracker.LoadTests.Failures;

namespace StudyTracker.LoadTests.Engine;

/// <summary>How connections are used.</summary>
internal enum ConnectionUse
{
    /// <summary>Whichever is idle.</summary>
    Pooled,

    /// <summary>One for each user, kept open.</summary>
    PerUser,

    /// <summary>One for each request, closed by this side.</summary>
    PerRequest,
}

/// <summary>A part of the load that is sent in one way.</summary>
/// <param name="Name">What people call it, such as "5,000 connections".</param>
/// <param name="First">Number of its first request in the run.</param>
/// <param name="Count">How many requests.</param>
/// <param name="Users">How many send at once in the closed model; in the open one, only who is in the texts.</param>
internal sealed record Stage(string Name, int First, int Count, int Users)
{
    /// <summary>
    /// When each request is due, from the beginning of the stage: the open model, and the paced one. Null is the closed model: a
    /// user sends when the answer to the request before is there.
    /// </summary>
    public TimeSpan[]? Due { get; init; }

    /// <summary>How connections are used.</summary>
    public ConnectionUse Use { get; init; }

    /// <summary>From where connections are made.</summary>
    public SourceAddress Source { get; init; } = SourceAddress.Any;

    /// <summary>How long nothing is sent afterwards.</summary>
    public TimeSpan Pause { get; init; }
}

/// <summary>Sends one request and notes what became of it; never throws.</summary>
/// <param name="request">Number of the request within its stage.</param>
/// <param name="intended">When it is due, as a timestamp; now, in the closed model.</param>
internal delegate Task<Outcome> Send(int request, long intended);

/// <summary>Decides when requests are sent.</summary>
internal interface ILoadEngine
{
    /// <summary>What it is called in reports.</summary>
    string Name { get; }

    /// <summary>Whether a request's intended time is the one that it was due at, so that latencies are corrected for coordinated omission.</summary>
    bool KnowsIntendedTimes { get; }

    /// <summary>Sends every request of a stage once, and returns when all have ended.</summary>
    Task RunAsync(Stage stage, Send send, CancellationToken cancel);
}
