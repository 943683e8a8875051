using System.Globalization;
using CsCheck;
using StudyTracker.Contracts;
using StudyTracker.Summarizer.Scheduling;

namespace StudyTracker.UnitTests.Summarizer.Scheduling;

public sealed class DueTimesTests
{
    [Theory]
    [InlineData("Asia/Seoul", "2026-11-22 22:00", "2026-11-22T13:00Z")]
    [InlineData("America/New_York", "2026-03-08 02:30", "2026-03-08T07:30Z")] // skipped: 03:30 in summer time
    [InlineData("Europe/Berlin", "2026-03-29 02:00", "2026-03-29T01:00Z")] // skipped from its first minute on
    [InlineData("America/New_York", "2026-11-01 01:30", "2026-11-01T05:30Z")] // comes twice: the first time
    [InlineData("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03T15:45Z")] // half an hour is skipped
    [InlineData("America/Santiago", "2026-09-06 00:00", "2026-09-06T04:00Z")] // a day without midnight
    [InlineData("Europe/Dublin", "2026-10-25 01:30", "2026-10-25T00:30Z")] // winter time is the exception there
    [InlineData("Pacific/Apia", "2011-12-30 22:00", "2011-12-31T08:00Z")] // a day that was left out: the same hour of the next
    [InlineData("Pacific/Apia", "2011-12-31 22:00", "2011-12-31T08:00Z")]
    public void A_local_time_is_one_moment(string zone, string local, string moment) =>
        DueTimes.Instant(DateTime.Parse(local, CultureInfo.InvariantCulture), Zone(zone)).ShouldBe(Moment(moment));

    [Theory]
    [InlineData("2026-01-31T21:59Z", "2026-01-31T22:20Z")]
    [InlineData("2026-01-31T22:20Z", "2026-02-28T22:20Z")]
    [InlineData("2028-02-01T00:00Z", "2028-02-29T22:20Z")]
    [InlineData("2026-12-31T23:00Z", "2027-01-31T22:20Z")]
    public void A_month_ends_on_its_last_day(string after, string due) =>
        DueTimes.Next(Rhythm.Monthly(new TimeOnly(22, 20), 31), TimeZoneInfo.Utc, Moment(after)).ShouldBe(Moment(due));

    [Theory]
    [InlineData("2026-11-22T22:09Z", "2026-11-22T22:10Z")]
    [InlineData("2026-11-22T22:10Z", "2026-11-29T22:10Z")]
    [InlineData("2026-11-23T00:00Z", "2026-11-29T22:10Z")]
    public void A_week_ends_on_its_day(string after, string due) =>
        DueTimes.Next(Rhythm.Weekly(new TimeOnly(22, 10), DayOfWeek.Sunday), TimeZoneInfo.Utc, Moment(after)).ShouldBe(Moment(due));

    [Fact]
    public void The_next_due_time_is_the_only_one_up_to_itself() => Gen.Select(Some.Zone, Some.Rhythm, Some.Moment).Sample((zone, rhythm, after) =>
    {
        var next = DueTimes.Next(rhythm, zone, after);

        next.ShouldBeGreaterThan(after);
        next.ShouldBeLessThan(after + Some.Period(rhythm) + TimeSpan.FromHours(26));
        DueTimes.Last(rhythm, zone, next).ShouldBe(next);
        DueTimes.Last(rhythm, zone, next.AddTicks(-1)).ShouldBeLessThanOrEqualTo(after);
        DueTimes.Next(rhythm, zone, after + (next - after) / 2).ShouldBe(next);
    });

    [Fact]
    public void At_a_due_time_the_members_clock_shows_the_hour_unless_that_was_skipped() =>
        Gen.Select(Some.Zone, Some.Rhythm, Some.Moment).Sample((zone, rhythm, after) =>
        {
            var due = DueTimes.Next(rhythm, zone, after);
            var local = TimeZoneInfo.ConvertTime(due, zone).DateTime;
            if (TimeOnly.FromDateTime(local) == rhythm.Time) return;
            // So the clocks jumped over it within the last day.
            var jump = zone.GetUtcOffset(due) - zone.GetUtcOffset(due.AddDays(-1));
            jump.ShouldBeGreaterThan(TimeSpan.Zero);
            TimeOnly.FromDateTime(local - jump).ShouldBe(rhythm.Time);
            zone.IsInvalidTime(DateTime.SpecifyKind(local - jump, DateTimeKind.Unspecified)).ShouldBeTrue();
        });

    [Fact]
    public void Every_local_day_has_one_daily_due_time() => Gen.Select(Some.Zone, Some.Time, Some.Moment).Sample(
        (zone, time, start) =>
        {
            var rhythm = Rhythm.Daily(time);
            var dates = new List<DateOnly>();
            for (var due = DueTimes.Next(rhythm, zone, start); due < start.AddDays(370); due = DueTimes.Next(rhythm, zone, due))
                dates.Add(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(due, zone).DateTime));

            for (var date = dates[0]; date <= dates[^1]; date = date.AddDays(1))
            {
                // 23:30 that is skipped falls into the first hour of the next day, which has two then; and Samoa left out a whole day.
                var isUsual = IsLived(date, zone) && IsLived(date.AddDays(-1), zone)
                    && !zone.IsInvalidTime(date.ToDateTime(time)) && !zone.IsInvalidTime(date.AddDays(-1).ToDateTime(time));
                if (isUsual) dates.Count(one => one == date).ShouldBe(1, $"{date} in {zone.Id} at {time}");
            }
        },
        iter: 300);

    [Fact]
    public void Every_month_and_every_week_has_its_due_time() => Gen.Select(Some.Zone, Some.Time, Some.Moment).Sample(
        (zone, time, start) =>
        {
            foreach (var (rhythm, months) in new[] { (Rhythm.Monthly(time, 31), true), (Rhythm.Weekly(time, DayOfWeek.Sunday), false) })
            {
                var (due, earlier) = (DueTimes.Next(rhythm, zone, start), default(DateTimeOffset?));
                for (var number = 0; number < 30; number++, (earlier, due) = (due, DueTimes.Next(rhythm, zone, due)))
                {
                    if (earlier is not { } last) continue;
                    var days = (due - last).TotalDays;
                    if (months) days.ShouldBeInRange(27.9, 32.1);
                    else days.ShouldBeInRange(5.9, 8.1);
                }
            }
        },
        iter: 300);

    private static bool IsLived(DateOnly date, TimeZoneInfo zone)
    {
        var noon = date.ToDateTime(new TimeOnly(12, 0));
        return TimeZoneInfo.ConvertTime(DueTimes.Instant(noon, zone), zone).DateTime == noon;
    }

    private static TimeZoneInfo Zone(string id) => TimeZoneInfo.FindSystemTimeZoneById(id);

    private static DateTimeOffset Moment(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>Random zones, rhythms and moments.</summary>
internal static class Some
{
    private static readonly TimeZoneInfo[] _all = [.. TimeZoneInfo.GetSystemTimeZones()];

    // Where clocks do odd things, as often as all others together.
    private static readonly TimeZoneInfo[] _odd =
    [
        .. new[]
        {
            "Asia/Seoul", "America/New_York", "Europe/Berlin", "Europe/Dublin", "Australia/Lord_Howe", "America/Santiago", "Asia/Beirut",
            "Africa/Cairo", "Africa/Casablanca", "Pacific/Apia", "Pacific/Kiritimati", "Asia/Kathmandu", "America/St_Johns", "Antarctica/Troll",
        }.Select(TimeZoneInfo.FindSystemTimeZoneById),
    ];

    public static Gen<TimeZoneInfo> Zone { get; } = Gen.OneOf(Gen.Int[0, _all.Length - 1].Select(i => _all[i]), Gen.Int[0, _odd.Length - 1].Select(i => _odd[i]));

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
