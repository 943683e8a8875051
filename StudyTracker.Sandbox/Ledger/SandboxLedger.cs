using System.Text.Json;
using Microsoft.Extensions.Options;
using StudyTracker.Sandbox.Events;
using StudyTracker.Sandbox.Live;
using StudyTracker.Sandbox.Workspaces;

namespace StudyTracker.Sandbox.Ledger;

/// <summary>
/// Everything that was sent and received. A record is written to the journal first and then applied, under one lock, so
/// the counts always agree with the journal.
/// </summary>
internal sealed class SandboxLedger : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Journal _journal;
    private readonly EventLog _events;
    private readonly CallLog _calls;
    private readonly Conversations _conversations;
    private readonly WorkspaceDirectory _directory;
    private readonly LiveStream _live;
    private readonly int _maxPending;

    public SandboxLedger(IOptions<SandboxOptions> options, WorkspaceDirectory directory, SlackTimestamp timestamps, LiveStream live)
    {
        var settings = options.Value;
        _directory = directory;
        _live = live;
        _maxPending = settings.MaxPendingEvents;
        _journal = new Journal(settings.JournalPath, settings.JournalMaxMiB * 1024L * 1024L);
        _events = new EventLog(settings.MaxListed, settings.MaxTexts, settings.EffectiveRetryDelays);
        _calls = new CallLog(settings.MaxListed);
        _conversations = new Conversations(directory, timestamps, settings.MaxChannelMessages);
        foreach (var record in _journal.Replay()) Apply(record);
    }

    /// <summary>Takes an event, or finds the one that has its id; null when too many are waiting.</summary>
    public (EventEntry Entry, bool IsNew)? Submit(EventQueued queued)
    {
        lock (_gate)
        {
            if (_events.Find(queued.EventId) is { } known) return (known, false);
            if (_events.Counts.Pending >= _maxPending) return null;
            Keep(queued);
            return (_events.Find(queued.EventId)!, true);
        }
    }

    /// <summary>Records an attempt, unless its event was forgotten meanwhile.</summary>
    public void Record(EventEntry entry, AttemptMade attempt)
    {
        lock (_gate)
        {
            if (ReferenceEquals(_events.Find(attempt.EventId), entry)) Keep(attempt);
        }
    }

    /// <summary>Records anything else.</summary>
    public void Record(JournalRecord record)
    {
        lock (_gate) Keep(record);
    }

    /// <summary>The event; null when it is unknown.</summary>
    public EventEntry? Find(string eventId)
    {
        lock (_gate) return _events.Find(eventId);
    }

    /// <summary>Events whose delivery a former process did not finish.</summary>
    public IReadOnlyList<EventEntry> Unsettled()
    {
        lock (_gate) return [.. _events.Unsettled];
    }

    public LedgerCounts Counts()
    {
        lock (_gate)
        {
            // A copy: the counts go on while the answer is written.
            var counts = new LedgerCounts(_events.Counts, _calls.Triggers, _calls.Posts, _calls.Model, _calls.Methods);
            return JsonSerializer.Deserialize<LedgerCounts>(JsonSerializer.SerializeToUtf8Bytes(counts, SandboxJson.Options), SandboxJson.Options)!;
        }
    }

    public LogPage<EventView> Events(long after, int limit, Func<EventEntry, bool>? wanted)
    {
        lock (_gate)
        {
            var page = _events.Page(after, limit, wanted);
            return new LogPage<EventView>([.. page.Items.Select(EventView.Of)], page.Next, page.Total);
        }
    }

    public LogPage<PostAccepted> Posts(long after, int limit, Func<PostAccepted, bool>? wanted)
    {
        lock (_gate) return _calls.PagePosts(after, limit, wanted);
    }

    /// <summary>What stands in a channel, in the order of timestamps.</summary>
    public IReadOnlyList<ChannelMessage> Messages(string teamId, string channelId)
    {
        lock (_gate) return _conversations.Of(teamId, channelId);
    }

    public ChannelMessage? FindMessage(string teamId, string channelId, string ts)
    {
        lock (_gate) return _conversations.Find(teamId, channelId, ts);
    }

    /// <summary>What only one person sees in a channel, in the order of timestamps.</summary>
    public IReadOnlyList<ChannelMessage> Ephemeral(string teamId, string channelId, string userId)
    {
        lock (_gate) return _conversations.EphemeralOf(teamId, channelId, userId);
    }

    /// <summary>Forgets everything, also what was still to be delivered.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            _journal.Clear();
            _events.Clear();
            _calls.Clear();
            _conversations.Clear();
            _directory.Reset();
        }

        _live.Publish(new LiveNotice("reset"));
    }

    public void Dispose() => _journal.Dispose();

    private void Keep(JournalRecord record)
    {
        _journal.Append(record);
        Apply(record);
        if (_live.IsWatched) _live.Publish(LiveNotice.Of(record, _events));
    }

    private void Apply(JournalRecord record)
    {
        switch (record)
        {
            case EventQueued queued:
                _events.Apply(queued);
                _conversations.Apply(queued);
                break;
            case AttemptMade attempt:
                _events.Apply(attempt);
                break;
            case PostAccepted post:
                _calls.Apply(post);
                _conversations.Apply(post);
                break;
            case PostUpdated update:
                _conversations.Apply(update);
                break;
            case PostDeleted deletion:
                _conversations.Apply(deletion);
                break;
            case AnswerPosted answer:
                _conversations.Apply(answer);
                break;
            case EphemeralPosted ephemeral:
                _conversations.Apply(ephemeral);
                break;
            case ReactionChanged change:
                _conversations.Apply(change);
                break;
            case MethodCalled call:
                _calls.Apply(call);
                break;
            case ModelCalled call:
                _calls.Apply(call);
                break;
            case TriggerSent trigger:
                _calls.Apply(trigger);
                break;
            case UserChanged change:
                _directory.Register(change.TeamId).Add(change.Learner);
                break;
            case ChannelChanged change:
                _directory.Register(change.TeamId).Channels[change.Channel.Id] = change.Channel;
                break;
        }
    }
}
