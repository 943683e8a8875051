using StudyTracker.Sandbox.Ledger;

namespace StudyTracker.Sandbox.Events;

/// <summary>What follows from the attempts to deliver an event so far.</summary>
/// <param name="State">Where the delivery stands.</param>
/// <param name="Next">The next attempt; null when there is none.</param>
internal readonly record struct DeliveryPlan(EventState State, NextAttempt? Next)
{
    /// <summary>Slack's words for why an attempt failed.</summary>
    public const string HttpTimeout = "http_timeout", HttpError = "http_error", ConnectionFailed = "connection_failed",
        TooManyRedirects = "too_many_redirects", UnknownError = "unknown_error";

    /// <summary>Slack numbers retries from 1 to 3.</summary>
    private const int LastRetryNum = 3;

    /// <param name="attempts">The attempts, in order.</param>
    /// <param name="times">How many accepted deliveries are wanted.</param>
    /// <param name="forged">Whether the request only pretends to come from Slack: then nobody retries it.</param>
    /// <param name="delays">The waits before retries.</param>
    public static DeliveryPlan After(IReadOnlyList<AttemptMade> attempts, int times, bool forged, IReadOnlyList<TimeSpan> delays)
    {
        if (attempts.Count == 0) return new(EventState.Pending, new NextAttempt(0, null, TimeSpan.Zero));
        var accepted = attempts.Count(attempt => attempt.Accepted);
        var last = attempts[^1];

        if (forged)
        {
            var state = accepted > 0 ? EventState.Accepted : GivenUp(last);
            return new(state, attempts.Count < times ? new NextAttempt(0, null, TimeSpan.Zero) : null);
        }

        // Slack delivers an accepted event again when the answer did not reach it in time, so that is what it says.
        if (accepted > 0)
            return new(EventState.Accepted, attempts.Count - attempts.TakeWhile(attempt => !attempt.Accepted).Count() < times
                ? new NextAttempt(Math.Min(last.RetryNum + 1, LastRetryNum), HttpTimeout, TimeSpan.Zero)
                : null);

        var retriesUsed = attempts.Count - 1;
        return last.NoRetry || retriesUsed >= delays.Count
            ? new(GivenUp(last), null)
            : new(EventState.Retrying, new NextAttempt(retriesUsed + 1, last.Error ?? UnknownError, delays[retriesUsed]));
    }

    private static EventState GivenUp(AttemptMade last) => last.Status is >= 400 and < 500 ? EventState.Refused : EventState.Failed;
}

/// <summary>An attempt to come.</summary>
/// <param name="RetryNum">x-slack-retry-num; 0 means no such header.</param>
/// <param name="RetryReason">x-slack-retry-reason.</param>
/// <param name="Delay">The wait after the attempt before.</param>
internal readonly record struct NextAttempt(int RetryNum, string? RetryReason, TimeSpan Delay);
