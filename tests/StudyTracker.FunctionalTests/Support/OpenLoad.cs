using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;

namespace StudyTracker.FunctionalTests.Support;

/// <summary>An event that was sent, and what became of it.</summary>
internal sealed record Sent(string EventId, HttpStatusCode Status, bool SaysWhenToRetry, TimeSpan DueAt, TimeSpan Took);

/// <summary>Events at a steady rate, whether or not the earlier ones have been answered: Slack does not wait either.</summary>
internal static class OpenLoad
{
    public static async Task<IReadOnlyList<Sent>> SendAsync(SlackSide slack, int perSecond, TimeSpan duration)
    {
        var learners = Enumerable.Range(0, 200).Select(_ => Learner.New("T0LOAD")).ToList();
        var sent = new ConcurrentBag<Sent>();
        var pending = new List<Task>();
        var started = Stopwatch.GetTimestamp();
        for (var count = 0; ;)
        {
            var elapsed = Stopwatch.GetElapsedTime(started);
            if (elapsed >= duration) break;
            for (; count < elapsed.TotalSeconds * perSecond; count++)
                pending.Add(SendOneAsync(slack, learners[count % learners.Count], TimeSpan.FromSeconds((double)count / perSecond), sent));
            await Task.Delay(2);
        }

        await Task.WhenAll(pending);
        return [.. sent];
    }

    private static async Task SendOneAsync(SlackSide slack, Learner learner, TimeSpan dueAt, ConcurrentBag<Sent> sent)
    {
        var eventId = Learner.NewEventId();
        var started = Stopwatch.GetTimestamp();
        using var answer = await slack.PostAsync(learner.Written(App.Marker, eventId: eventId));
        sent.Add(new Sent(eventId, answer.StatusCode, answer.Headers.RetryAfter is not null, dueAt, Stopwatch.GetElapsedTime(started)));
    }
}
