using System.Globalization;
using CsCheck;
using NodaTime;
using StudyTracker.Summarizer.Days;
using StudyTracker.Summarizer.Scheduling;
using StudyTracker.UnitTests.Summarizer.Scheduling;

namespace StudyTracker.UnitTests.Summarizer.Days;

public sealed class LocalDaysTests
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
        At(new LocalDays(DateTimeZoneProviders.Tzdb[zone], TimeOnly.MinValue), local).ShouldBe(Moment(moment));

    [Theory]
    [InlineData("2026-11-25T15:40Z", "00:00", "2026-11-26")] // 00:40 in Seoul
    [InlineData("2026-11-25T15:40Z", "04:00", "2026-11-25")]
    [InlineData("2026-11-25T18:59:59.999Z", "04:00", "2026-11-25")]
    [InlineData("2026-11-25T19:00Z", "04:00", "2026-11-26")]
    [InlineData("2026-11-25T14:59Z", "04:00", "2026-11-25")]
    [InlineData("2026-12-31T16:00Z", "04:00", "2026-12-31")]
    [InlineData("2028-02-29T15:00Z", "00:30", "2028-02-29")]
    [InlineData("2026-11-26T02:59Z", "12:00", "2026-11-25")]
    public void A_day_lasts_until_it_begins_again(string moment, string dayStart, string day) =>
        Seoul(dayStart).DayOf(Moment(moment)).ShouldBe(DateOnly.Parse(day, CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("2026-11-25", "22:00", "2026-11-25T13:00Z")]
    [InlineData("2026-11-25", "04:00", "2026-11-24T19:00Z")]
    [InlineData("2026-11-25", "00:40", "2026-11-25T15:40Z")] // the end of that day: on the next date
    [InlineData("2026-11-25", "03:59", "2026-11-25T18:59Z")]
    public void A_time_before_the_day_begins_comes_at_its_end(string day, string time, string moment) =>
        Seoul("04:00").At(DateOnly.Parse(day, CultureInfo.InvariantCulture), TimeOnly.Parse(time, CultureInfo.InvariantCulture)).ShouldBe(Moment(moment));

    [Fact]
    public void A_moment_lies_between_the_start_of_its_day_and_that_of_the_next() => Gen.Select(Some.Days, Some.Moment).Sample((days, moment) =>
    {
        var day = days.DayOf(moment);
        // When clocks go back over the border, its hour comes twice, and the second one is before it again.
        days.StartOf(day).ShouldBeLessThanOrEqualTo(moment);
        days.StartOf(day.AddDays(1)).ShouldBeGreaterThan(moment - TimeSpan.FromHours(3));
        if (days.DayStart == TimeOnly.MinValue) day.ShouldBe(DateOnly.FromDateTime(days.ClockAt(moment)));
    });

    [Fact]
    public void A_weekly_summary_of_the_small_hours_ends_the_learners_sunday()
    {
        var weekly = Rhythm.Weekly(new TimeOnly(1, 0), DayOfWeek.Sunday);

        DueTimes.Next(weekly, Seoul("00:00"), Moment("2026-11-25T00:00Z")).ShouldBe(Moment("2026-11-28T16:00Z"));
        DueTimes.Next(weekly, Seoul("04:00"), Moment("2026-11-25T00:00Z")).ShouldBe(Moment("2026-11-29T16:00Z"));
    }

    private static LocalDays Seoul(string dayStart) => new(DateTimeZoneProviders.Tzdb["Asia/Seoul"], TimeOnly.Parse(dayStart, CultureInfo.InvariantCulture));

    private static DateTimeOffset At(LocalDays days, string local)
    {
        var clock = DateTime.Parse(local, CultureInfo.InvariantCulture);
        return days.At(DateOnly.FromDateTime(clock), TimeOnly.FromDateTime(clock));
    }

    private static DateTimeOffset Moment(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
