using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using StudyTracker.Sandbox.Ledger;

namespace StudyTracker.Sandbox.Live;

/// <summary>Tells watchers that something changed, and where; what it is now they ask for.</summary>
/// <param name="Type">message, delivery, post, call, trigger or reset.</param>
/// <param name="TeamId">The workspace concerned.</param>
/// <param name="ChannelId">The channel concerned.</param>
/// <param name="EventId">The event concerned.</param>
internal sealed record LiveNotice(string Type, string? TeamId = null, string? ChannelId = null, string? EventId = null)
{
    public static LiveNotice Of(JournalRecord record, EventLog events) => record switch
    {
        EventQueued queued => new LiveNotice("message", queued.Message.TeamId, queued.Message.ChannelId, queued.EventId),
        AttemptMade attempt when events.Find(attempt.EventId) is { Queued.Message: var message } =>
            new LiveNotice("delivery", message.TeamId, message.ChannelId, attempt.EventId),
        PostAccepted post => new LiveNotice("post", post.TeamId, post.ChannelId),
        PostUpdated update => new LiveNotice("post", update.TeamId, update.ChannelId),
        PostDeleted deletion => new LiveNotice("post", deletion.TeamId, deletion.ChannelId),
        AnswerPosted answer => new LiveNotice("post", answer.TeamId, answer.ChannelId),
        EphemeralPosted posted => new LiveNotice("post", posted.TeamId, posted.ChannelId),
        ReactionChanged change => new LiveNotice("post", change.TeamId, change.ChannelId),
        TriggerSent => new LiveNotice("trigger"),
        _ => new LiveNotice("call"),
    };
}

/// <summary>Hands notices to every page that watches. A page that is too slow misses some and catches up by asking.</summary>
internal sealed class LiveStream(IOptions<SandboxOptions> options)
{
    private const int MaxBacklog = 256;
    private readonly ConcurrentDictionary<Channel<LiveNotice>, byte> _watchers = new();

    public bool IsWatched => !_watchers.IsEmpty;

    public void Publish(LiveNotice notice)
    {
        foreach (var watcher in _watchers.Keys) watcher.Writer.TryWrite(notice);
    }

    /// <summary>Whether one more may watch.</summary>
    public bool HasRoom => _watchers.Count < options.Value.MaxWatchers;

    /// <summary>Everything from now on, until cancelled.</summary>
    public async IAsyncEnumerable<LiveNotice> WatchAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<LiveNotice>(new BoundedChannelOptions(MaxBacklog) { FullMode = BoundedChannelFullMode.DropOldest });
        _watchers.TryAdd(channel, 0);
        try
        {
            await foreach (var notice in channel.Reader.ReadAllAsync(cancellationToken)) yield return notice;
        }
        finally
        {
            _watchers.TryRemove(channel, out _);
        }
    }
}
