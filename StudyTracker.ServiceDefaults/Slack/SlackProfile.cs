using System.Text.Json.Serialization;

namespace StudyTracker.Slack;

/// <summary>What Slack tells of a member; what the Notifier answers to <c>GET /profiles/{team}/{user}</c>.</summary>
/// <param name="TimeZone">Slack's <c>tz</c>, a name such as <c>Asia/Seoul</c> or an old one such as <c>Asia/Calcutta</c>; null: not told.</param>
/// <param name="OffsetSeconds">Slack's <c>tz_offset</c>: seconds ahead of UTC at present; null: not told.</param>
/// <param name="Locale">Such as <c>ko-KR</c>; null: not told.</param>
public sealed record SlackProfile(string? TimeZone, int? OffsetSeconds, string? Locale);

/// <summary>Why there is none; answered with status 424.</summary>
/// <param name="Error">In Slack's word, or ours.</param>
/// <param name="Passes">Whether the same question may well be answered soon: it failed on its way, or in Slack.</param>
/// <param name="Detail">What Slack says besides, such as the scopes that are needed; left out when there is nothing.</param>
public sealed record NoSlackProfile(
    string Error, bool Passes, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Detail = null);
