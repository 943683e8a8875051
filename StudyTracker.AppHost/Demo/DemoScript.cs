using System.Globalization;
using System.Text.Json;

namespace StudyTracker.AppHost.Demo;

/// <summary>What happens in the demo: learners.json, as it is read.</summary>
/// <param name="Learners">Who writes what.</param>
/// <param name="Others">What else arrives that must not become a summary.</param>
internal sealed record DemoScript(IReadOnlyList<DemoLearner> Learners, IReadOnlyList<DemoOther> Others)
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);

    /// <summary>How many messages have to be stored in the end.</summary>
    public int MessageCount => Learners.Sum(learner => learner.Messages.Count);

    /// <summary>Reads the committed file.</summary>
    public static DemoScript Load()
    {
        using var file = typeof(DemoScript).Assembly.GetManifestResourceStream("learners.json")!;
        return JsonSerializer.Deserialize<DemoScript>(file, _json)!;
    }

    /// <summary>The events of the day, in the order in which they were written.</summary>
    /// <param name="now">The end of the day. The ids depend on nothing, so an event that is sent again is the same event.</param>
    public IReadOnlyList<DemoEvent> Events(DateTimeOffset now)
    {
        var written = Learners
            .SelectMany(learner => learner.Messages, (learner, message) => (message.HoursAgo, Make: (Func<string, string, DemoEvent>)((id, ts) =>
                new DemoEvent(learner.Team, learner.User, learner.Channel, message.Text, id, ts, message.Times, message.DelayMs, "valid", Bot: false))))
            .Concat(Others.Select(other => (HoursAgo: 0.1, Make: (Func<string, string, DemoEvent>)((id, ts) =>
                new DemoEvent(other.Team, other.User, other.Channel, other.Text, id, ts, Times: 1, DelayMs: 0, other.Signature, other.Bot)))))
            .OrderByDescending(entry => entry.HoursAgo);
        return [.. written.Select((entry, index) => entry.Make($"Ev0DEMO{index + 1:0000}", Timestamp(now.AddHours(-entry.HoursAgo), index)))];
    }

    // Slack's timestamps: seconds and six digits, which here only keep two messages apart.
    private static string Timestamp(DateTimeOffset time, int index) =>
        string.Create(CultureInfo.InvariantCulture, $"{time.ToUnixTimeSeconds()}.{index + 1:000000}");
}

/// <summary>One of the learners.</summary>
/// <param name="Name">As people know them.</param>
/// <param name="Team">Slack workspace.</param>
/// <param name="User">Slack user.</param>
/// <param name="Channel">Where they write; null is their direct conversation with the app.</param>
/// <param name="Messages">What they write.</param>
internal sealed record DemoLearner(string Name, string Team, string User, string? Channel, IReadOnlyList<DemoMessage> Messages);

/// <summary>One message.</summary>
/// <param name="HoursAgo">How long ago it was written, in hours.</param>
/// <param name="Text">The text.</param>
/// <param name="Times">How often Slack delivers it.</param>
/// <param name="DelayMs">How late Slack delivers it, in ms.</param>
internal sealed record DemoMessage(double HoursAgo, string Text, int Times = 1, int DelayMs = 0);

/// <summary>An event that is nobody's study message.</summary>
/// <param name="Who">Who sends it.</param>
/// <param name="Team">Slack workspace.</param>
/// <param name="User">Slack user.</param>
/// <param name="Channel">Channel.</param>
/// <param name="Text">The text.</param>
/// <param name="Signature">valid or wrong.</param>
/// <param name="Bot">Whether a bot wrote it.</param>
internal sealed record DemoOther(
    string Who, string Team, string User, string? Channel, string Text, string Signature = "valid", bool Bot = false);

/// <summary>An event, as the Sandbox takes it.</summary>
internal sealed record DemoEvent(
    string TeamId,
    string UserId,
    string? ChannelId,
    string Text,
    string EventId,
    string Ts,
    int Times,
    int DelayMs,
    string Signature,
    bool Bot);
