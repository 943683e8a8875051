using System.Globalization;
using CsCheck;
using NodaTime;
using StudyTracker.Contracts;
using StudyTracker.Summarizer.Days;
using StudyTracker.Summarizer.Scheduling;

namespace StudyTracker.UnitTests.Summarizer.Scheduling;

public sealed class DueTimesTests
{
    private static readonly LocalDays _utc = new(DateTimeZone.Utc, TimeOnly.MinValue);

    [Theory]
    [InlineData("2026-01-31T21:59Z", "2026-01-31T22:20Z")]
    [InlineData("2026-01-31T22:20Z", "2026-02-28T22:20Z")]
    [InlineData("2028-02-01T00:00Z", "2028-02-29T22:20Z")]
    [InlineData("2026-12-31T23:00Z", "2027-01-31T22:20Z")]
    public void A_month_ends_on_its_last_day(string after, string due) =>
        DueTimes.Next(Rhythm.Monthly(new TimeOnly(22, 20), 31), _utc, Moment(after)).ShouldBe(Moment(due));

    [Theory]
    [InlineData("2026-11-22T22:09Z", "2026-11-22T22:10Z")]
    [InlineData("2026-11-22T22:10Z", "2026-11-29T22:10Z")]
    [InlineData("2026-11-23T00:00Z", "2026-11-29T22:10Z")]
    public void A_week_ends_on_its_day(string after, string due) =>
        DueTimes.Next(Rhythm.Weekly(new TimeOnly(22, 10), DayOfWeek.Sunday), _utc, Moment(after)).ShouldBe(Moment(due));

    [Fact]
    public void The_next_due_time_is_the_only_one_up_to_itself() => Gen.Select(Some.Days, Some.Rhythm, Some.Moment).Sample((days, rhythm, after) =>
    {
        var next = DueTimes.Next(rhythm, days, after);

        next.ShouldBeGreaterThan(after);
        next.ShouldBeLessThan(after + Some.Period(rhythm) + TimeSpan.FromHours(26));
        DueTimes.Last(rhythm, days, next).ShouldBe(next);
        DueTimes.Last(rhythm, days, next.AddTicks(-1)).ShouldBeLessThanOrEqualTo(after);
        DueTimes.Next(rhythm, days, after + (next - after) / 2).ShouldBe(next);
    });

    [Fact]
    public void At_a_due_time_the_members_clock_shows_the_hour_unless_that_was_skipped() =>
        Gen.Select(Some.Days, Some.Rhythm, Some.Moment).Sample((days, rhythm, after) =>
        {
            var due = DueTimes.Next(rhythm, days, after);
            var local = days.ClockAt(due);
            if (TimeOnly.FromDateTime(local) == rhythm.Time) return;
            // So the clocks jumped over it within the last day.
            var jump = Offset(days, due) - Offset(days, due.AddDays(-1));
            jump.ShouldBeGreaterThan(TimeSpan.Zero);
            TimeOnly.FromDateTime(local - jump).ShouldBe(rhythm.Time);
            IsSkipped(local - jump, days).ShouldBeTrue();
        });

    [Fact]
    public void Every_local_day_has_one_daily_due_time() => Gen.Select(Some.Days, Some.Time, Some.Moment).Sample(
        (days, time, start) =>
        {
            var rhythm = Rhythm.Daily(time);
            var dates = new List<DateOnly>();
            for (var due = DueTimes.Next(rhythm, days, start); due < start.AddDays(370); due = DueTimes.Next(rhythm, days, due))
                dates.Add(days.DayOf(due));

            for (var date = dates[0]; date <= dates[^1]; date = date.AddDays(1))
            {
                // 23:30 that is skipped falls into the first hour of the next day, which has two then; and Samoa left out a whole day.
                var isUsual = Enumerable.Range(-1, 3).All(step => IsLived(date.AddDays(step), days) && !IsSkipped(date.AddDays(step).ToDateTime(time), days));
                if (isUsual) dates.Count(one => one == date).ShouldBe(1, $"{date} in {days} at {time}");
            }
        },
        iter: 300);

    [Fact]
    public void Every_month_and_every_week_has_its_due_time() => Gen.Select(Some.Days, Some.Time, Some.Moment).Sample(
        (days, time, start) =>
        {
            foreach (var (rhythm, months) in new[] { (Rhythm.Monthly(time, 31), true), (Rhythm.Weekly(time, DayOfWeek.Sunday), false) })
            {
                var (due, earlier) = (DueTimes.Next(rhythm, days, start), default(DateTimeOffset?));
                for (var number = 0; number < 30; number++, (earlier, due) = (due, DueTimes.Next(rhythm, days, due)))
                {
                    if (earlier is not { } last) continue;
                    var apart = (due - last).TotalDays;
                    if (months) apart.ShouldBeInRange(27.9, 32.1);
                    else apart.ShouldBeInRange(5.9, 8.1);
                }
            }
        },
        iter: 300);

    private static TimeSpan Offset(LocalDays days, DateTimeOffset moment) => days.ClockAt(moment) - moment.UtcDateTime;

    private static bool IsSkipped(DateTime local, LocalDays days) => days.Zone.MapLocal(LocalDateTime.FromDateTime(local)).Count == 0;

    private static bool IsLived(DateOnly date, LocalDays days) => !IsSkipped(date.ToDateTime(new TimeOnly(12, 0)), days);

    private static DateTimeOffset Moment(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>Random zones, rhythms and moments.</summary>
internal static class Some
{
    private static readonly DateTimeZone[] _all = [.. DateTimeZoneProviders.Tzdb.Ids.Select(id => DateTimeZoneProviders.Tzdb[id])];

    // Where clocks do odd things, as often as all others together.
    private static readonly DateTimeZone[] _odd =
    [
        .. new[]
        {
            "Asia/Seoul", "America/New_York", "Europe/Berlin", "Europe/Dublin", "Australia/Lord_Howe", "America/Santiago", "Asia/Beirut",
            "Africa/Cairo", "Africa/Casablanca", "Pacific/Apia", "Pacific/Kiritimati", "Asia/Kathmandu", "America/St_Johns", "Antarctica/Troll",
        }.Select(id => DateTimeZoneProviders.Tzdb[id]),
    ];

    public static Gen<DateTimeZone> Zone { get; } = Gen.OneOf(Gen.Int[0, _all.Length - 1].Select(i => _all[i]), Gen.Int[0, _odd.Length - 1].Select(i => _odd[i]));

    /// <summary>Days from midnight as often as all others together.</summary>
    public static Gen<LocalDays> Days { get; } = Gen.Select(Zone, Gen.OneOf(Gen.Const(0), Gen.Int[0, 720]))
        .Select((zone, start) => new LocalDays(zone, TimeOnly.MinValue.AddMinutes(start)));

    public static Gen<TimeOnly> Time { get; } = Gen.Int[0, 1439].Select(minute => TimeOnly.MinValue.AddMinutes(minute));

    public static Gen<DateTimeOffset> Moment { get; } =
        Gen.Int[0, 35 * 365 * 24 * 60].Select(minutes => new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(minutes));

    public static Gen<Rhythm> Rhythm { get; } = Gen.OneOf(
        Time.Select(StudyTracker.Summarizer.Scheduling.Rhythm.Daily),
        Gen.Select(Time, Gen.Int[0, 6]).Select((time, day) => StudyTracker.Summarizer.Scheduling.Rhythm.Weekly(time, (DayOfWeek)day)),
        Gen.Select(Time, Gen.Int[1, 31]).Select((time, day) => StudyTracker.Summarizer.Scheduling.Rhythm.Monthly(time, day)));

    public static TimeSpan Period(Rhythm rhythm) => TimeSpan.FromDays(rhythm.Kind switch
    {
        SummaryKind.Daily => 1,
        SummaryKind.Weekly => 7,
        _ => 31,
    });
}
