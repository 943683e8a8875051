using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace StudyTracker.Notifier.Delivery;

/// <summary>
/// Keeps this replica below Slack's limit of a workspace, and quiet for as long as Slack has asked for. Answers how long
/// to wait; waiting is the caller's.
/// </summary>
internal sealed class SlackPace(IOptions<DeliveryOptions> options, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Bucket> _workspaces = new();

    /// <summary>Takes a place in the workspace's pace if there is one within <paramref name="patience"/>.</summary>
    /// <returns>How long to wait before posting; or, beyond the patience, before asking again, with no place taken.</returns>
    public TimeSpan Reserve(string teamId, TimeSpan patience)
    {
        var bucket = Workspace(teamId);
        var interval = TimeSpan.FromMinutes(1) / options.Value.PostsPerMinute;
        lock (bucket)
        {
            var now = time.GetUtcNow();
            // A generic cell rate: the next place may lie up to a burst in the past.
            var earliest = now - interval * (options.Value.Burst - 1);
            var place = bucket.NextPlace > earliest ? bucket.NextPlace : earliest;
            var wait = Later(place, bucket.QuietUntil) - now;
            if (wait > patience)
            {
                // One after the other at the workspace's pace: together they would only be refused together again.
                bucket.NextReturn = Later(bucket.NextReturn, now + wait) + interval;
                return bucket.NextReturn - now;
            }

            bucket.NextPlace = place + interval;
            return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
        }
    }

    /// <summary>Slack asked for quiet.</summary>
    public void Quieten(string teamId, TimeSpan duration)
    {
        var bucket = Workspace(teamId);
        lock (bucket) bucket.QuietUntil = Later(bucket.QuietUntil, time.GetUtcNow() + duration);
    }

    private Bucket Workspace(string teamId) => _workspaces.GetOrAdd(teamId, _ => new Bucket());

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private sealed class Bucket
    {
        public DateTimeOffset NextPlace { get; set; }

        public DateTimeOffset QuietUntil { get; set; }

        /// <summary>When the last of those comes back who were asked to.</summary>
        public DateTimeOffset NextReturn { get; set; }
    }
}
