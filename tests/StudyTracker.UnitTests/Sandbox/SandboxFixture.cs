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
        Tokens = new Tokens(Directory, Time);
        Triggers = new Triggers(Time);
        Views = new ViewMethods(Directory, Triggers, Faults);
        var channels = new Channels(Directory, Tokens, Faults);
        Api = new SlackWebApi(
            [
                new AuthMethods(Tokens),
                new OauthMethods(Directory, Tokens, Faults, wrapped),
                new ChatMethods(Ledger, channels, Timestamps, Limits, Faults, Time),
                new ConversationMethods(Directory, Faults, Time),
                new HistoryMethods(Ledger),
                new UserMethods(Directory, Faults, Time),
                new ReactionMethods(Ledger, Time),
                Views,
            ],
            Tokens,
            Limits,
            Faults,
            new OddAnswers(Faults, Time),
            Ledger,
            wrapped,
            Time);
        Urls = new ResponseUrls(wrapped, Time);
        Board = new AnswerBoard(Ledger, Directory, Timestamps, Time);
        Factory = new EventFactory(Directory, Ledger, Timestamps, Time);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));

    public WorkspaceDirectory Directory { get; }

    public SlackTimestamp Timestamps { get; }

    public SandboxLedger Ledger { get; }

    public FaultInjector Faults { get; }

    public RateLimits Limits { get; }

    public Tokens Tokens { get; }

    public Triggers Triggers { get; }

    public ViewMethods Views { get; }

    public SlackWebApi Api { get; }

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

    /// <summary>Calls a method, with the arguments as a JSON body gives them.</summary>
    public ApiAnswer Call(string method, object arguments, string token = "xoxb-sandbox-" + Team) =>
        CallWith(method, JsonSerializer.SerializeToElement(arguments), token);

    /// <summary>Calls a method with a JSON body.</summary>
    public ApiAnswer CallWith(string method, JsonElement arguments, string token = "xoxb-sandbox-" + Team)
    {
        var read = ApiArguments.Of(arguments);
        read.Caller = token;
        return Api.Answer(Api.Find(method)!, token, read);
    }

    /// <summary>Posts a message that carries a summary.</summary>
    public ApiAnswer Post(string channel, string? summaryId = null) => Call("chat.postMessage", new
    {
        channel,
        text = "summary",
        metadata = new { event_type = "study_summary", event_payload = new { summary_id = summaryId } },
    });

    /// <summary>Posts a text and tells where it stands.</summary>
    public (string Channel, string Ts) Posted(object arguments)
    {
        var body = Call("chat.postMessage", arguments).Body;
        return (body["channel"]!.GetValue<string>(), body["ts"]!.GetValue<string>());
    }

    public void Dispose() => Ledger.Dispose();
}
