using System.Globalization;
using Microsoft.Extensions.Options;
using StudyTracker.Summarizer.Days;
using StudyTracker.Summarizer.Scheduling;
using StudyTracker.Summarizer.Storage;

namespace StudyTracker.UnitTests.Summarizer.Days;

public sealed class MessageDaysTests
{
    private static readonly DateTimeOffset _morning = DateTimeOffset.Parse("2026-11-24T23:00Z", CultureInfo.InvariantCulture); // 08:00 on the 25th in Seoul
    private static readonly MemberZones _zones = new(Options.Create(new ScheduleOptions { DayStarts = { ["T2"] = "05:00" } }));

    [Fact]
    public void A_message_keeps_its_day_when_its_writer_moves()
    {
        var days = Days(new ClockSettings("America/Los_Angeles", null, null), Past(10, "Asia/Seoul"));

        days.DayOf(10, _morning).Day.ShouldBe(25);
        days.DayOf(11, _morning).Day.ShouldBe(24);
        days.IsKnown.ShouldBeTrue();
    }

    [Fact]
    public void Somebody_who_moves_twice_has_three_clocks()
    {
        var days = Days(new ClockSettings("Asia/Seoul", null, null), Past(20, "America/Los_Angeles"), Past(10, "Asia/Seoul"));

        new[] { 1, 10, 11, 20, 21 }.Select(seq => days.DayOf(seq, _morning).Day).ShouldBe([25, 25, 24, 24, 25]);
    }

    [Fact]
    public void What_came_before_anything_was_known_has_the_clock_that_became_known_first()
    {
        // The day's beginning was chosen before the zone was known, and the zone has changed since.
        var days = Days(new ClockSettings("Asia/Seoul", null, null), Past(10, null, dayStart: "00:00"), Past(20, "America/Los_Angeles", dayStart: "04:00"));

        new[] { 10, 20, 21 }.Select(seq => days.DayOf(seq, _morning).Day).ShouldBe([24, 24, 25]);
        days.DayOf(10, _morning.AddHours(9.5)).Day.ShouldBe(25); // 00:30 in Los Angeles
        days.DayOf(20, _morning.AddHours(9.5)).Day.ShouldBe(24);
    }

    [Theory]
    [InlineData(null, null, "T1", 25)] // the schedule's zone
    [InlineData(null, -28_800, "T1", 24)]
    [InlineData("Asia/Calcutta", -28_800, "T1", 25)]
    [InlineData("Not/AZone", -28_800, "T1", 24)]
    [InlineData("Asia/Kolkata", null, "T2", 24)] // 04:30 there, and days begin at five in that workspace
    public void Without_a_zone_the_offset_counts_and_without_both_the_schedules_zone(string? zone, int? offset, string team, int day) =>
        new MessageDays(team, new ClockSettings(zone, offset, null), [], _zones).DayOf(1, _morning).Day.ShouldBe(day);

    private static MessageDays Days(ClockSettings now, params PastClock[] past) => new("T1", now, past, _zones);

    private static PastClock Past(long untilSeq, string? zone, string dayStart = "00:00") => new()
    {
        TeamId = "T1",
        UserId = "U1",
        UntilSeq = untilSeq,
        TimeZone = zone,
        DayStart = TimeOnly.Parse(dayStart, CultureInfo.InvariantCulture),
    };
}
