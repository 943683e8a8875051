using System.Text.Json;

namespace StudyTracker.Sandbox.Ledger;

/// <summary>The ledger's posts, calls and triggers. Guarded by the ledger's lock.</summary>
internal sealed class CallLog(int maxListed)
{
    private const int MaxTriggersShown = 50;
    private const string PostMessage = "chat.postMessage";
    private readonly BoundedLog<PostAccepted> _posts = new(maxListed);
    private readonly BoundedLog<TriggerSent> _triggers = new(maxListed);
    private readonly HashSet<string> _summaryIds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MethodCounts> _methods = new(StringComparer.Ordinal);
    private readonly TriggerCounts _triggerCounts = new();

    public PostCounts Posts { get; private set; } = new();

    public ModelCounts Model { get; private set; } = new();

    public IReadOnlyDictionary<string, MethodCounts> Methods => _methods;

    public TriggerCounts Triggers
    {
        get
        {
            _triggerCounts.Latest = _triggers.Page(Math.Max(0, _triggers.Total - MaxTriggersShown), MaxTriggersShown).Items;
            return _triggerCounts;
        }
    }

    public LogPage<PostAccepted> PagePosts(long after, int limit, Func<PostAccepted, bool>? wanted) => _posts.Page(after, limit, wanted);

    public void Apply(PostAccepted post)
    {
        _posts.Add(post);
        Count(PostMessage, CallOutcome.Ok);
        Posts.Accepted++;
        if (post.SummaryId is null) return;
        if (_summaryIds.Add(post.SummaryId)) Posts.BySummary.Distinct++;
        else Posts.BySummary.Duplicates++;
    }

    public void Apply(MethodCalled call) => Count(call.Method, call.Outcome);

    public void Apply(ModelCalled call)
    {
        Model.Calls++;
        if (call.Outcome == CallOutcome.Ok) Model.Answered++;
        if (call.Outcome == CallOutcome.RateLimited) Model.RateLimited++;
        if (call.Outcome == CallOutcome.Failed) Model.Failed++;
        Model.Tokens.Prompt += call.PromptTokens;
        Model.Tokens.Completion += call.CompletionTokens;
    }

    public void Apply(TriggerSent trigger)
    {
        _triggers.Add(trigger);
        _triggerCounts.Sent++;
        if (trigger.Status is >= 200 and < 300) _triggerCounts.Accepted++;
    }

    public void Clear()
    {
        _posts.Clear();
        _triggers.Clear();
        _summaryIds.Clear();
        _methods.Clear();
        Posts = new PostCounts();
        Model = new ModelCounts();
        (_triggerCounts.Sent, _triggerCounts.Accepted) = (0, 0);
    }

    /// <summary>metadata.event_payload.summary_id, when it is there.</summary>
    public static string? SummaryIdOf(JsonElement? metadata) =>
        metadata is { ValueKind: JsonValueKind.Object } value
        && value.TryGetProperty("event_payload", out var payload) && payload.ValueKind == JsonValueKind.Object
        && payload.TryGetProperty("summary_id", out var id) && id.ValueKind == JsonValueKind.String
            ? id.GetString()
            : null;

    private void Count(string method, CallOutcome outcome)
    {
        if (!_methods.TryGetValue(method, out var counts)) _methods[method] = counts = new MethodCounts();
        counts.Calls++;
        if (outcome == CallOutcome.RateLimited) counts.RateLimited++;
        if (outcome == CallOutcome.Failed) counts.Failed++;

        if (method != PostMessage) return;
        Posts.Calls++;
        if (outcome == CallOutcome.RateLimited) Posts.RateLimited++;
        if (outcome == CallOutcome.Failed) Posts.Failed++;
    }
}
