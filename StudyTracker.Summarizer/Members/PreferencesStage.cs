using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using StudyTracker.Contracts;
using StudyTracker.Kafka;
using StudyTracker.Summarizer.Scheduling;
using StudyTracker.Telemetry;

namespace StudyTracker.Summarizer.Members;

/// <summary>slack-interactions → preferences, and a short answer to the member.</summary>
internal sealed class PreferencesStage(
    PreferenceStore store,
    MemberProfiles profiles,
    SlackReplies replies,
    IOptions<MemberOptions> options,
    IOptions<ScheduleOptions> schedule,
    TimeProvider time)
{
    private static readonly Counter<long> _wishes = Instruments.Meter.CreateCounter<long>(
        "studytracker.preferences.wishes", "{wish}", "What members asked for by command or button, by kind of wish.");

    /// <summary>Has its counters start at 0.</summary>
    public static void CountFromZero(IServiceCollection services) =>
        services.CountFromZero(_wishes, ("wish", typeof(Wish).GetNestedTypes().Select(Name)));

    public async Task ActAsync(Record record, CancellationToken cancellationToken)
    {
        if (MemberAction.Read(record) is not { } action) return;
        // Slack takes answers for half an hour only; after an outage there is nothing left to answer.
        var answerTo = time.GetUtcNow() - action.At < TimeSpan.FromMinutes(options.Value.ReplyMinutes) ? action.ResponseUrl : null;
        if (answerTo is not null) await MeetAsync(action.Member, cancellationToken);
        var answer = await DoAsync(action, cancellationToken);
        _wishes.Add(1, new KeyValuePair<string, object?>("wish", Name(action.Wish.GetType())));
        if (answer is not null && answerTo is not null) await replies.SendAsync(answerTo, answer, cancellationToken);
    }

    /// <summary>Asks for the profile of somebody who is not known yet, so that the answer has their language and hours; but not for long.</summary>
    private async Task MeetAsync(MemberKey member, CancellationToken cancellationToken)
    {
        if (options.Value.ProfilesPerMinute == 0 || options.Value.ProfileForReplyMs == 0) return;
        if (!await store.IsUnknownAsync(member, cancellationToken)) return;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(options.Value.ProfileForReplyMs);
        try
        {
            await profiles.RefreshAsync(member, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // It is asked for again in its turn.
        }
    }

    private static string Name(Type wish) => wish.Name.ToLowerInvariant();

    /// <summary>Does what is asked for.</summary>
    /// <returns>What to answer; null when a newer wish was there before.</returns>
    private async Task<Reply?> DoAsync(MemberAction action, CancellationToken cancellationToken)
    {
        if (action.Wish is Wish.NotHelpful rated) await store.RateAsync(action.Member, rated.SummaryId, action.At, cancellationToken);
        var tooLong = false;
        var member = await store.ChangeAsync(
            action.Member,
            action.At,
            member => Apply(action.Wish, member, action.At, out tooLong),
            cancellationToken);
        if (member is null) return null;
        var words = ReplyWording.For(member.Locale, [.. member.RecentTexts, action.Words]);
        var now = time.GetUtcNow();
        return tooLong
            ? new Reply(words.BadPause(options.Value.MaxPauseDays))
            : new Reply(
                words.Answer(action.Wish, member, schedule.Value, now),
                ReplyWording.OffersResume(action.Wish, member, now) ? words.Resume : null,
                action.IsFromReply);
    }

    private Preferences? Apply(Wish wish, MemberView member, DateTimeOffset at, out bool refused)
    {
        var now = member.Preferences;
        refused = false;
        switch (wish)
        {
            case Wish.Pause pause:
                var until = pause switch
                {
                    { Until: { } date } => member.Days.StartOf(date),
                    { Days: { } days } => at.AddDays(Math.Min(days, options.Value.MaxPauseDays + 1)),
                    _ => (DateTimeOffset?)null,
                };
                refused = until <= at || until > at.AddDays(options.Value.MaxPauseDays);
                return refused ? null : now with { Paused = until is null, PausedUntil = until };
            case Wish.Resume:
                // From now on: what was due in the meantime is not made up for, its messages are in the next summary.
                return now with { Paused = false, PausedUntil = at };
            case Wish.Stop stop:
                return now with { Stopped = [.. now.Stopped.Append(stop.Kind).Distinct().Order()] };
            case Wish.Start start:
                return now with { Stopped = [.. now.Stopped.Where(kind => kind != start.Kind)] };
            case Wish.DayFrom own:
                return now with { DayStart = own.Time };
            case Wish.At own:
                return now with
                {
                    DailyTime = own.Kind is null or SummaryKind.Daily ? own.Time : now.DailyTime,
                    WeeklyTime = own.Kind is null or SummaryKind.Weekly ? own.Time : now.WeeklyTime,
                    MonthlyTime = own.Kind is null or SummaryKind.Monthly ? own.Time : now.MonthlyTime,
                };
            default:
                return null;
        }
    }
}
