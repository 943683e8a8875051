using System.ComponentModel.DataAnnotations;
using StudyTracker.Contracts;
using StudyTracker.Summarizer.Scheduling;

namespace StudyTracker.UnitTests.Summarizer.Scheduling;

public sealed class ScheduleTests
{
    [Theory]
    [InlineData(SummaryKind.Daily, "2026-11-22T22:00:00+09:00", "daily-20261122t1300z")]
    [InlineData(SummaryKind.Daily, "2026-11-22T13:00:59Z", "daily-20261122t1300z")]
    [InlineData(SummaryKind.Weekly, "2026-01-01T08:10:00+09:00", "weekly-20251231t2310z")]
    [InlineData(SummaryKind.Monthly, "2026-12-31T22:20:00+00:00", "monthly-20261231t2220z")]
    public void A_run_is_named_after_the_minute_that_was_due(SummaryKind kind, string due, string runId) =>
        DueRuns.RunId(kind, DateTimeOffset.Parse(due, System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(runId);

    [Fact]
    public void The_hour_that_a_clock_change_repeats_has_two_names() =>
        // 01:30 in New York on 1 November 2026, in summer time and an hour later again in winter time.
        DueRuns.RunId(SummaryKind.Daily, new DateTimeOffset(2026, 11, 1, 1, 30, 0, TimeSpan.FromHours(-4)))
            .ShouldNotBe(DueRuns.RunId(SummaryKind.Daily, new DateTimeOffset(2026, 11, 1, 1, 30, 0, TimeSpan.FromHours(-5))));

    [Theory]
    [InlineData("00:00", "04:00", null)]
    [InlineData("12:00", "00:00", null)]
    [InlineData("12:01", "04:00", "DayStart")]
    [InlineData("-01:00", "04:00", "DayStart")]
    [InlineData("", "04:00", "DayStart")]
    [InlineData("4", "04:00", "DayStart")]
    [InlineData("04:00", "23:00", "DayStarts")]
    [InlineData("04:00", "", "DayStarts")]
    public void A_day_begins_between_midnight_and_noon(string start, string own, string? wrong)
    {
        var options = new ScheduleOptions { DayStart = start, DayStarts = { ["T1"] = own } };

        options.Validate(new ValidationContext(options)).SelectMany(result => result.MemberNames).ShouldBe(wrong is null ? [] : [wrong]);
        if (wrong is not null) return;
        options.DayStartOf("T1").ShouldBe(TimeOnly.Parse(own, System.Globalization.CultureInfo.InvariantCulture));
        options.DayStartOf("T2").ShouldBe(TimeOnly.Parse(start, System.Globalization.CultureInfo.InvariantCulture));
        options.Fingerprint.ShouldNotBe(new ScheduleOptions { DayStart = start }.Fingerprint); // due times are computed anew
    }

    [Theory]
    [InlineData("Asia/Seoul", "22:00", "", "", null)]
    [InlineData("UTC", "", "", "", null)]
    [InlineData("America/New_York", "22:00", "22:10", "22:20", null)]
    [InlineData("Asia/Pyongchang", "22:00", "", "", "TimeZone")]
    [InlineData("", "22:00", "", "", "TimeZone")]
    [InlineData("../etc/passwd", "22:00", "", "", "TimeZone")]
    [InlineData("UTC", "0 0 22 * * ?", "", "", "Daily")] // a cron expression, as it once was
    [InlineData("UTC", "24:00", "", "", "Daily")]
    [InlineData("UTC", "", "9:00", "", "Weekly")]
    [InlineData("UTC", "", "", " ", "Monthly")]
    public void A_schedule_that_cannot_be_kept_is_refused(string zone, string daily, string weekly, string monthly, string? wrong)
    {
        var options = new ScheduleOptions { TimeZone = zone, Daily = daily, Weekly = weekly, Monthly = monthly };
        var results = new List<ValidationResult>();

        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);

        results.SelectMany(result => result.MemberNames).ShouldBe(wrong is null ? [] : [wrong]);
    }
}
