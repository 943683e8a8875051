using StudyTracker.Contracts;
using StudyTracker.Summarizer.Members;

namespace StudyTracker.UnitTests.Summarizer.Members;

public sealed class WishTests
{
    public static TheoryData<string> Nonsense =>
        ["", "  ", "hello", "pause 0", "pause -1", "pause tomorrow", "pause until", "pause 2026-13-01", "stop", "stop hourly", "start", "resume now",
            "time", "time 24:00", "time 9", "time hourly 09:00", "status now", "pause 99999999999"];

    [Theory]
    [InlineData("pause")]
    [InlineData("PAUSE")]
    [InlineData("일시중지")]
    [InlineData("쉬기")]
    public void A_pause_without_an_end(string text) => Wish.Read(text).ShouldBe(new Wish.Pause());

    [Theory]
    [InlineData("pause 7")]
    [InlineData("pause 7d")]
    [InlineData("pause 7 days")]
    [InlineData("일시중지 7일")]
    [InlineData("쉬기 7 일")]
    public void A_pause_of_some_days(string text) => Wish.Read(text).ShouldBe(new Wish.Pause(Days: 7));

    [Theory]
    [InlineData("pause until 2026-12-01")]
    [InlineData("pause 2026-12-01")]
    [InlineData("일시중지 2026-12-01까지")]
    [InlineData("쉬기 2026-12-01 까지")]
    public void A_pause_until_a_day(string text) => Wish.Read(text).ShouldBe(new Wish.Pause(Until: new DateOnly(2026, 12, 1)));

    [Fact]
    public void The_other_commands()
    {
        Wish.Read("resume").ShouldBe(new Wish.Resume());
        Wish.Read("재개").ShouldBe(new Wish.Resume());
        Wish.Read(" status ").ShouldBe(new Wish.Status());
        Wish.Read("stop weekly").ShouldBe(new Wish.Stop(SummaryKind.Weekly));
        Wish.Read("중지 월간").ShouldBe(new Wish.Stop(SummaryKind.Monthly));
        Wish.Read("start Daily").ShouldBe(new Wish.Start(SummaryKind.Daily));
        Wish.Read("time 21:30").ShouldBe(new Wish.At(new TimeOnly(21, 30), null));
        Wish.Read("시간 주간 9:05").ShouldBe(new Wish.At(new TimeOnly(9, 5), SummaryKind.Weekly));
    }

    [Theory]
    [MemberData(nameof(Nonsense))]
    public void Whatever_is_not_understood_is_a_call_for_help(string text) => Wish.Read(text).ShouldBe(new Wish.Help());
}
