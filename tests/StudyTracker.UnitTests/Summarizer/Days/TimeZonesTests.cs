using NodaTime;
using NodaTime.TimeZones;
using StudyTracker.Summarizer.Days;

namespace StudyTracker.UnitTests.Summarizer.Days;

public sealed class TimeZonesTests
{
    [Theory]
    [InlineData("Asia/Calcutta", "Asia/Kolkata")]
    [InlineData("Asia/Saigon", "Asia/Ho_Chi_Minh")]
    [InlineData("Asia/Rangoon", "Asia/Yangon")]
    [InlineData("Asia/Katmandu", "Asia/Kathmandu")]
    [InlineData("Asia/Dacca", "Asia/Dhaka")]
    [InlineData("America/Buenos_Aires", "America/Argentina/Buenos_Aires")]
    [InlineData("America/Indianapolis", "America/Indiana/Indianapolis")]
    [InlineData("America/Godthab", "America/Nuuk")]
    [InlineData("Europe/Kiev", "Europe/Kyiv")]
    [InlineData("Atlantic/Faeroe", "Atlantic/Faroe")]
    [InlineData("US/Pacific", "America/Los_Angeles")]
    [InlineData("Asia/Istanbul", "Europe/Istanbul")]
    [InlineData("Japan", "Asia/Tokyo")]
    [InlineData("ROK", "Asia/Seoul")]
    [InlineData("GB", "Europe/London")]
    public void A_former_name_is_the_zone_under_its_present_name(string name, string present) => TimeZones.Find(name)!.Id.ShouldBe(present);

    [Theory]
    [InlineData("Asia/Seoul")]
    [InlineData("Europe/Oslo")] // which TZDB links to Europe/Berlin
    [InlineData("Atlantic/Reykjavik")] // which it links to Africa/Abidjan
    [InlineData("Asia/Kuala_Lumpur")]
    [InlineData("America/Argentina/Buenos_Aires")]
    [InlineData("Etc/UTC")]
    [InlineData("Etc/GMT-9")]
    public void A_name_that_is_in_use_stays(string name) => TimeZones.Find(name)!.Id.ShouldBe(name);

    [Theory]
    [InlineData("asia/seoul", "Asia/Seoul")]
    [InlineData("EUROPE/BERLIN", "Europe/Berlin")]
    [InlineData(" Europe/Berlin\t", "Europe/Berlin")]
    [InlineData("America/New York", "America/New_York")]
    [InlineData("america/los angeles", "America/Los_Angeles")]
    [InlineData("Korea Standard Time", "Asia/Seoul")]
    [InlineData("India Standard Time", "Asia/Kolkata")]
    [InlineData("Pacific Standard Time", "America/Los_Angeles")]
    [InlineData("UTC", "Etc/UTC")]
    [InlineData("utc", "Etc/UTC")]
    [InlineData("GMT", "Etc/GMT")]
    public void Case_spaces_and_windows_do_not_matter(string name, string present) => TimeZones.Find(name)!.Id.ShouldBe(present);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("Not/AZone")]
    [InlineData("Seoul")]
    [InlineData("GMT+9")] // 9 hours ahead to people, 9 behind to POSIX
    [InlineData("UTC+05:30")]
    [InlineData("KST")]
    [InlineData("../etc/passwd")]
    [InlineData("Factory/Reset")]
    public void What_is_no_zone_is_none(string? name) => TimeZones.Find(name).ShouldBeNull();

    [Fact]
    public void Every_name_of_the_tzdb_is_known_and_its_present_name_has_the_same_clock_now()
    {
        var now = SystemClock.Instance.GetCurrentInstant();
        foreach (var id in TzdbDateTimeZoneSource.Default.CanonicalIdMap.Keys)
        {
            var zone = TimeZones.Find(id).ShouldNotBeNull(id);
            zone.GetUtcOffset(now).ShouldBe(DateTimeZoneProviders.Tzdb[id].GetUtcOffset(now), id);
            TimeZones.Find(zone.Id).ShouldBe(zone, id);
        }
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(19_800, true)]
    [InlineData(20_700, true)] // Kathmandu
    [InlineData(-12_600, true)] // St. John's
    [InlineData(50_400, true)] // Kiritimati
    [InlineData(50_401, false)]
    [InlineData(51_300, false)]
    [InlineData(-50_400, true)]
    [InlineData(-54_000, false)]
    [InlineData(540, false)] // minutes
    [InlineData(1, false)]
    [InlineData(-1, false)]
    [InlineData(int.MaxValue, false)]
    [InlineData(int.MinValue, false)]
    [InlineData(null, false)]
    public void Only_offsets_that_clocks_have_are_taken(int? seconds, bool isOffset) => MemberZones.IsOffset(seconds).ShouldBe(isOffset);

    [Theory]
    [InlineData("Asia/Calcutta", -28_800, "Asia/Kolkata")]
    [InlineData(null, 19_800, "UTC+05:30")]
    [InlineData("Not/AZone", -12_600, "UTC-03:30")]
    [InlineData("GMT+9", 32_400, "UTC+09")]
    [InlineData("Not/AZone", 99_999, null)]
    [InlineData(null, null, null)]
    public void A_zone_counts_before_an_offset(string? zone, int? offset, string? known) =>
        MemberZones.Known(new ClockSettings(zone, offset, null))?.Id.ShouldBe(known);
}
