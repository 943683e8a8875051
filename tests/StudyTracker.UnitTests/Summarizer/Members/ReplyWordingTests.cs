using System.Globalization;
using NodaTime;
using StudyTracker.Contracts;
using StudyTracker.Summarizer.Days;
using StudyTracker.Summarizer.Members;
using StudyTracker.Summarizer.Scheduling;

namespace StudyTracker.UnitTests.Summarizer.Members;

public sealed class ReplyWordingTests
{
    private static readonly DateTimeOffset _now = DateTimeOffset.Parse("2026-11-25T12:00Z", CultureInfo.InvariantCulture);

    private static readonly Wish[] _wishes =
    [
        new Wish.Pause(), new Wish.Pause(Days: 7), new Wish.Resume(), new Wish.Stop(SummaryKind.Weekly), new Wish.Start(SummaryKind.Monthly),
        new Wish.At(new TimeOnly(21, 30), null), new Wish.DayFrom(new TimeOnly(4, 0)), new Wish.NotHelpful(Guid.Empty), new Wish.Status(), new Wish.Help(),
        new Wish.OwnData(), new Wish.Unclear(null), .. Enum.GetValues<Verb>().Select(verb => new Wish.Unclear(verb)),
    ];

    [Fact]
    public void Status_names_the_next_date_and_time_of_each_kind_where_the_member_lives() =>
        Answer(new Wish.Status(), Member("Europe/Berlin")).ShouldBe(
            """
            •  daily: 22:00, next on 2026-11-25 (Wed) 22:00
            •  weekly: 22:10, next on 2026-11-29 (Sun) 22:10
            •  monthly: 22:20, next on 2026-11-30 (Mon) 22:20
            Time zone: Europe/Berlin
            Your day begins at 04:00.
            """);

    [Fact]
    public void Status_in_korean() =>
        Answer(new Wish.Status(), Member("Asia/Seoul", "ko-KR", Preferences.None with { Stopped = [SummaryKind.Weekly] })).ShouldBe(
            """
            •  일간: 22:00, 다음 2026-11-25 (수) 22:00
            •  주간: 받지 않음
            •  월간: 22:20, 다음 2026-11-30 (월) 22:20
            시간대: Asia/Seoul
            하루의 시작: 04:00
            """);

    [Theory]
    [InlineData(null, "status")]
    [InlineData(null, "상태")]
    public void A_zone_that_is_not_known_is_not_made_up_and_slack_shows_the_hours_by_the_readers_clock(string? locale, string command)
    {
        var member = Member("Asia/Seoul", locale) with { IsClockKnown = false };

        var answer = Answer(new Wish.Status(), member, command);

        answer.ShouldNotContain("Asia/Seoul");
        answer.ShouldContain("<!date^1795611600^{date_num} {time}|2026-11-25 13:00 UTC>");
        answer.ShouldContain(command == "status" ? "not known yet" : "아직 알 수 없습니다");
    }

    [Fact]
    public void Starting_a_kind_during_a_pause_promises_nothing_and_says_how_to_end_it()
    {
        var start = new Wish.Start(SummaryKind.Weekly);

        Answer(start, Member("Europe/Berlin")).ShouldBe("You get weekly summaries again.");
        Answer(start, Paused(Member("Europe/Berlin"))).ShouldContain("until you say `/study resume`");
        var away = Member("Europe/Berlin") with { Preferences = Preferences.None with { PausedUntil = _now.AddDays(3) } };
        Answer(start, away).ShouldContain("paused until 2026-11-28 (Sat) 13:00, or until you say `/study resume`");
        var back = Member("Europe/Berlin") with { Preferences = Preferences.None with { PausedUntil = _now.AddDays(-3) } };
        Answer(start, back).ShouldBe("You get weekly summaries again.");
        Answer(start, Paused(Member("Asia/Seoul", "ko-KR"))).ShouldContain("`/study 재개`");
    }

    [Fact]
    public void Whoever_pauses_is_told_how_to_resume()
    {
        Answer(new Wish.Pause(), Paused(Member("Europe/Berlin"))).ShouldContain("/study resume");
        Answer(new Wish.Pause(), Paused(Member("Asia/Seoul", "ko-KR"))).ShouldContain("/study 재개");
        var away = Preferences.None with { PausedUntil = _now.AddDays(3) };
        Answer(new Wish.Pause(Days: 3), Member("Europe/Berlin") with { Preferences = away }).ShouldContain("/study resume");
        Answer(new Wish.Status(), Paused(Member("Europe/Berlin"))).ShouldEndWith("turns them on again.");
    }

    [Fact]
    public void A_suggestion_is_a_command_that_is_understood()
    {
        foreach (var verb in Enum.GetValues<Verb>())
        {
            foreach (var locale in new[] { "en-US", "ko-KR" })
            {
                var commands = Answer(new Wish.Unclear(verb), Member("Asia/Seoul", locale)).Split('`').Where(part => part.StartsWith("/study ", StringComparison.Ordinal));
                foreach (var command in commands.Where(command => !command.Contains('[', StringComparison.Ordinal)))
                    Wish.Read(command["/study ".Length..]).ShouldNotBeOfType<Wish.Unclear>(command);
            }
        }
    }

    [Fact]
    public void Every_answer_is_in_the_members_language()
    {
        foreach (var wish in _wishes)
        {
            foreach (var member in new[] { Member("Asia/Seoul"), Paused(Member("Asia/Seoul")), Member("Asia/Seoul") with { IsClockKnown = false } })
            {
                Hangul(Answer(wish, member with { Locale = "en-GB" }, "상태")).ShouldBeFalse($"{wish}");
                Hangul(Answer(wish, member with { Locale = "ko-KR" }, "status")).ShouldBeTrue($"{wish}");
                Hangul(Answer(wish, member with { Locale = null }, "상태")).ShouldBeTrue($"{wish}");
                Hangul(Answer(wish, member with { Locale = null, RecentTexts = ["오늘은 B-tree를 배웠다"] }, "status")).ShouldBeTrue($"{wish}");
                Hangul(Answer(wish, member with { Locale = null }, "status")).ShouldBeFalse($"{wish}");
            }
        }
    }

    private static string Answer(Wish wish, MemberView member, string command = "status") =>
        ReplyWording.For(member.Locale, [.. member.RecentTexts, command]).Answer(wish, member, new ScheduleOptions(), _now).ReplaceLineEndings("\n");

    private static bool Hangul(string text) => text.Any(letter => letter is >= '가' and <= '힣');

    private static MemberView Paused(MemberView member) => member with
    {
        Preferences = Preferences.None with { Paused = true },
        NextDue = new Dictionary<SummaryKind, DateTimeOffset>(),
    };

    private static MemberView Member(string zone, string? locale = "en-GB", Preferences? preferences = null)
    {
        preferences ??= Preferences.None;
        var days = new LocalDays(DateTimeZoneProviders.Tzdb[zone], new TimeOnly(4, 0));
        var due = new Dictionary<SummaryKind, DateTimeOffset>();
        foreach (var kind in Enum.GetValues<SummaryKind>())
        {
            if (preferences.NextDue(kind, new ScheduleOptions(), days, null, _now, wasHeld: false, _now) is { } next) due[kind] = next;
        }

        return new MemberView(preferences, days, IsClockKnown: true, locale, due);
    }
}
