using System.Text.Json;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using StudyTracker.Sandbox;
using StudyTracker.Sandbox.Events;
using StudyTracker.Sandbox.Faults;
using StudyTracker.Sandbox.Ledger;
using StudyTracker.Sandbox.Live;
using StudyTracker.Sandbox.Responses;
using StudyTracker.Sandbox.WebApi;
using StudyTracker.Sandbox.Workspaces;

namespace StudyTracker.UnitTests.Sandbox;

/// <summary>The sandbox's parts without its web server.</summary>
internal sealed class SandboxFixture : IDisposable
{
    public const string Team = "T0SEOUL0001", User = "U0SEOULJIWO", Channel = "C0SEOULLOG1";

    public SandboxFixture(string? journalPath = null, Action<SandboxOptions>? configure = null)
    {
        var options = new SandboxOptions { JournalPath = journalPath };
        configure?.Invoke(options);
        var wrapped = Options.Create(options);
        Directory = new WorkspaceDirectory(wrapped);
        Timestamps = new SlackTimestamp(Time);
        Ledger = new SandboxLedger(wrapped, Directory, Timestamps, new LiveStream(wrapped));
        Faults = new FaultInjector(wrapped);
        Limits = new RateLimits(wrapped, Time);
        Chat = new ChatMethods(Ledger, Directory, Timestamps, Limits, Faults, Time);
        Conversations = new ConversationMethods(Ledger, Directory, Faults);
        Users = new UserMethods(Directory, Faults, Time);
        Urls = new ResponseUrls(wrapped, Time);
        Board = new AnswerBoard(Ledger, Directory, Timestamps, Time);
        Factory = new EventFactory(Directory, Timestamps, Time);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));

    public WorkspaceDirectory Directory { get; }

    public SlackTimestamp Timestamps { get; }

    public SandboxLedger Ledger { get; }

    public FaultInjector Faults { get; }

    public RateLimits Limits { get; }

    public ChatMethods Chat { get; }

    public ConversationMethods Conversations { get; }

    public UserMethods Users { get; }

    public ResponseUrls Urls { get; }

    public AnswerBoard Board { get; }

    public EventFactory Factory { get; }

    public Workspace Workspace => Directory.Find(Team)!;

    /// <summary>Takes an event into the ledger without sending it.</summary>
    public EventEntry Submit(string eventId, Func<EventRequest, EventRequest>? change = null)
    {
        var request = new EventRequest { TeamId = Team, UserId = User, ChannelId = Channel, Text = "TCP", EventId = eventId };
        return Ledger.Submit(Factory.Create(change?.Invoke(request) ?? request))!.Value.Entry;
    }

    /// <summary>Records how an attempt ended.</summary>
    public void Attempt(EventEntry entry, int? status, string? error = null) => Ledger.Record(
        entry, new AttemptMade(Time.GetUtcNow(), entry.Queued.EventId, status, 5, error, entry.Next?.RetryNum ?? 0));

    /// <summary>Arguments as a JSON body gives them.</summary>
    public static ApiArguments Arguments(object values) => ApiArguments.Of(JsonSerializer.SerializeToElement(values));

    /// <summary>Posts a message that carries a summary.</summary>
    public ApiAnswer Post(string channel, string? summaryId = null) => Chat.PostMessage(Workspace, Arguments(new
    {
        channel,
        text = "summary",
        metadata = new { event_type = "study_summary", event_payload = new { summary_id = summaryId } },
    }));

    public void Dispose() => Ledger.Dispose();
}
