using System.Globalization;
using System.Text.Json.Serialization;
using StudyTracker.Contracts;
using StudyTracker.Summarizer.Revisions;
using StudyTracker.Summarizer.Scheduling;

namespace StudyTracker.Summarizer.Members;

/// <summary>What an operator sees and sets of a member's preferences.</summary>
/// <param name="Paused">Hold all summaries back until this is taken back.</param>
/// <param name="PausedUntil">Hold them back until then; null: no such time.</param>
/// <param name="Stopped">Kinds that the member does not want.</param>
/// <param name="DailyTime">Local time of the daily summary as HH:mm; null: the schedule's.</param>
/// <param name="WeeklyTime">The same of the weekly one.</param>
/// <param name="MonthlyTime">The same of the monthly one.</param>
/// <param name="DayStart">Local time at which the member's day begins, as HH:mm up to 12:00; null: the schedule's.</param>
internal sealed record PreferencesBody(
    bool Paused,
    DateTimeOffset? PausedUntil,
    IReadOnlyList<SummaryKind>? Stopped,
    string? DailyTime,
    string? WeeklyTime,
    string? MonthlyTime,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? DayStart = null);

/// <summary>A member as an operator sees it.</summary>
/// <param name="TeamId">Workspace.</param>
/// <param name="UserId">User.</param>
/// <param name="TimeZone">Where due times are computed: Slack's word, the offset from UTC, or the schedule's zone.</param>
/// <param name="Locale">Slack's word; null: not known.</param>
/// <param name="Preferences">What the member wants.</param>
/// <param name="NextDue">When the next summaries are due, by kind; what is held back is not in it.</param>
internal sealed record MemberBody(
    string TeamId, string UserId, string TimeZone, string? Locale, PreferencesBody Preferences, IReadOnlyDictionary<string, DateTimeOffset> NextDue)
{
    /// <summary>Summaries that are being written anew, because messages were changed; null: not asked.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Revising { get; init; }
}

/// <summary><c>GET</c> and <c>PUT /members/{team}/{user}/preferences</c>, for operators.</summary>
internal sealed class PreferencesEndpoint(PreferenceStore store, OpenRevisions revisions, TimeProvider time)
{
    private const string TimeFormat = "HH:mm";

    // Due times are computed from it, so it must lie where there is time left after it.
    private static readonly TimeSpan _longestPause = TimeSpan.FromDays(36_500);

    public async Task<IResult> GetAsync(string team, string user, CancellationToken cancellationToken)
    {
        var key = new MemberKey(team, user);
        return await store.GetAsync(key, cancellationToken) is { } member
            ? Results.Ok(Describe(team, user, member) with { Revising = await revisions.CountAsync(key, cancellationToken) })
            : Unknown();
    }

    public async Task<IResult> PutAsync(string team, string user, PreferencesBody body, CancellationToken cancellationToken)
    {
        foreach (var text in new[] { body.DailyTime, body.WeeklyTime, body.MonthlyTime, body.DayStart })
        {
            if (text is not null && Time(text) is null) return Results.Problem("A time is written as 21:30.", statusCode: 400);
        }

        if (Time(body.DayStart) > ScheduleOptions.LatestDayStart) return Results.Problem("A day may begin at 00:00 to 12:00.", statusCode: 400);
        if (body.PausedUntil - time.GetUtcNow() > _longestPause) return Results.Problem("A pause that long is written as paused.", statusCode: 400);
        var key = new MemberKey(team, user);
        if (await store.GetAsync(key, cancellationToken) is null) return Unknown();
        var preferences = new Preferences(
            body.Paused, body.PausedUntil, [.. (body.Stopped ?? []).Distinct().Order()], Time(body.DailyTime), Time(body.WeeklyTime), Time(body.MonthlyTime),
            Time(body.DayStart));
        return await store.ChangeAsync(key, time.GetUtcNow(), _ => preferences, cancellationToken) is { } member
            ? Results.Ok(Describe(team, user, member))
            : Results.Problem("The member has changed them at this very moment. Look at them, and try again.", statusCode: 409);
    }

    private static IResult Unknown() => Results.Problem("There is no such member.", statusCode: 404);

    private static MemberBody Describe(string team, string user, MemberView member) => new(
        team,
        user,
        member.Days.Zone.Id,
        member.Locale,
        new PreferencesBody(
            member.Preferences.Paused,
            member.Preferences.PausedUntil,
            member.Preferences.Stopped,
            Text(member.Preferences.DailyTime),
            Text(member.Preferences.WeeklyTime),
            Text(member.Preferences.MonthlyTime),
            Text(member.Preferences.DayStart)),
        member.NextDue.ToDictionary(due => $"{due.Key}".ToLowerInvariant(), due => due.Value));

    private static string? Text(TimeOnly? time) => time?.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static TimeOnly? Time(string? text) =>
        TimeOnly.TryParseExact(text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
}
