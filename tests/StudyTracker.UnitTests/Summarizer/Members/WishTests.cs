using System.Text;
using StudyTracker.Contracts;
using StudyTracker.Summarizer.Members;

namespace StudyTracker.UnitTests.Summarizer.Members;

public sealed class WishTests
{
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
    [InlineData("pause ７ days")] // full width
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
        Wish.Read("상태".Normalize(NormalizationForm.FormD)).ShouldBe(new Wish.Status()); // as some keyboards send it
        Wish.Read("stop weekly").ShouldBe(new Wish.Stop(SummaryKind.Weekly));
        Wish.Read("중지 월간").ShouldBe(new Wish.Stop(SummaryKind.Monthly));
        Wish.Read("start Daily").ShouldBe(new Wish.Start(SummaryKind.Daily));
        Wish.Read("time 21:30").ShouldBe(new Wish.At(new TimeOnly(21, 30), null));
        Wish.Read("시간 주간 9:05").ShouldBe(new Wish.At(new TimeOnly(9, 5), SummaryKind.Weekly));
        Wish.Read("day 04:00").ShouldBe(new Wish.DayFrom(new TimeOnly(4, 0)));
        Wish.Read("하루 ４：３０").ShouldBe(new Wish.DayFrom(new TimeOnly(4, 30)));
        Wish.Read("day 12:00").ShouldBe(new Wish.DayFrom(new TimeOnly(12, 0)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("help")]
    [InlineData("?")]
    [InlineData("도움말")]
    [InlineData("help me please")]
    public void A_call_for_help(string text) => Wish.Read(text).ShouldBe(new Wish.Help());

    [Theory]
    [InlineData("export")]
    [InlineData("erase")]
    [InlineData("ERASE everything about me")]
    [InlineData("delete my data")]
    [InlineData("삭제")]
    [InlineData("내보내기")]
    public void What_only_operators_can_do_is_told_so(string text) => Wish.Read(text).ShouldBe(new Wish.OwnData());

    [Theory]
    [InlineData("pause 0", "Pause")]
    [InlineData("pause -1", "Pause")]
    [InlineData("pause tomorrow", "Pause")]
    [InlineData("pause until", "Pause")]
    [InlineData("pause 2026-13-01", "Pause")]
    [InlineData("pause 99999999999", "Pause")]
    [InlineData("쉬기 내일", "Pause")]
    [InlineData("stop", "Stop")]
    [InlineData("stop hourly", "Stop")]
    [InlineData("start", "Start")]
    [InlineData("resume now", "Resume")]
    [InlineData("status now", "Status")]
    [InlineData("time", "Time")]
    [InlineData("time 24:00", "Time")]
    [InlineData("time 9", "Time")]
    [InlineData("time hourly 09:00", "Time")]
    [InlineData("day", "Day")]
    [InlineData("day 12:01", "Day")]
    [InlineData("하루 새벽", "Day")]
    public void A_command_that_makes_no_sense_as_it_stands_is_the_nearest(string text, string verb) =>
        Wish.Read(text).ShouldBe(new Wish.Unclear(Enum.Parse<Verb>(verb)));

    [Theory]
    [InlineData("paus", "Pause")]
    [InlineData("puase 7", "Pause")]
    [InlineData("statsu", "Status")]
    [InlineData("stat", "Status")]
    [InlineData("resum", "Resume")]
    [InlineData("resume!", "Resume")]
    [InlineData("tiem 21:30", "Time")]
    [InlineData("days 04:00", "Day")]
    [InlineData("exprot", "Data")]
    [InlineData("erase!", "Data")]
    [InlineData("상테", "Status")] // one letter of a syllable
    [InlineData("일시중", "Pause")]
    [InlineData("재게", "Resume")]
    [InlineData("도움", "Help")]
    public void A_mistyped_command_is_the_nearest(string text, string verb) => Wish.Read(text).ShouldBe(new Wish.Unclear(Enum.Parse<Verb>(verb)));

    [Theory]
    [InlineData("x")]
    [InlineData("weather in Berlin")]
    [InlineData("안녕하세요")]
    [InlineData("<@U123>")]
    [InlineData("😀😀😀")]
    [InlineData("pauseresumestatusstopstarttimeday")]
    public void What_is_like_no_command_is_none(string text) => Wish.Read(text).ShouldBe(new Wish.Unclear(null));
}
