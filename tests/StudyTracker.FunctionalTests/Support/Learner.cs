using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace StudyTracker.FunctionalTests.Support;

/// <summary>A learner whom no other test knows.</summary>
internal sealed record Learner(string TeamId, string UserId, string ChannelId)
{
    private static long _lastMicroseconds;

    /// <summary>The key of the learner's records.</summary>
    public string Key => $"{TeamId}:{UserId}";

    public static Learner New(string? teamId = null) => new(teamId ?? NewTeam(), Id('U'), Id('C'));

    public static string NewTeam() => Id('T');

    public static string NewEventId() => "Ev" + RandomNumberGenerator.GetHexString(12);

    /// <summary>A Slack timestamp that no other message has: now, or a moment later.</summary>
    public static string NewTs() => Ts(DateTimeOffset.UtcNow);

    /// <summary>A Slack timestamp of about that time that no other message has.</summary>
    public static string Ts(DateTimeOffset at)
    {
        // The last three digits only tell messages of one millisecond apart.
        var microseconds = at.ToUnixTimeMilliseconds() * 1_000 + Interlocked.Increment(ref _lastMicroseconds) % 1_000;
        return string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1_000_000}.{microseconds % 1_000_000:000000}");
    }

    /// <summary>A message of the learner, as Slack tells it.</summary>
    public string Written(string text, string? ts = null, string? eventId = null)
    {
        ts ??= NewTs();
        return Envelope(eventId, new { type = "message", user = UserId, text, ts, channel = ChannelId, event_ts = ts });
    }

    /// <summary>An edit, at a time, of a message.</summary>
    public string Edited(string text, string ts, string editTs) => Envelope(null, new
    {
        type = "message",
        subtype = "message_changed",
        channel = ChannelId,
        ts = editTs,
        message = new { type = "message", user = UserId, text, ts, edited = new { user = UserId, ts = editTs } },
        previous_message = new { type = "message", user = UserId, text = "", ts },
    });

    /// <summary>The deletion, at a time, of a message.</summary>
    public string Deleted(string ts, string deletionTs) => Envelope(null, new
    {
        type = "message",
        subtype = "message_deleted",
        channel = ChannelId,
        ts = deletionTs,
        deleted_ts = ts,
        previous_message = new { type = "message", user = UserId, text = "", ts },
    });

    private string Envelope(string? eventId, object slackEvent) => JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["type"] = "event_callback",
        ["team_id"] = TeamId,
        ["event_id"] = eventId ?? NewEventId(),
        ["event"] = slackEvent,
    });

    private static string Id(char kind) => kind + RandomNumberGenerator.GetHexString(12);
}
