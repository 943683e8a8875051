using CsCheck;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using StudyTracker.Notifier.Delivery;

namespace StudyTracker.UnitTests.Notifier;

public sealed class SlackPaceTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_burst_goes_out_at_once_and_then_the_pace_applies()
    {
        var pace = Pace(perMinute: 60, burst: 3);

        Enumerable.Range(0, 5).Select(_ => pace.Reserve("T1", TimeSpan.MaxValue).TotalSeconds).ShouldBe([0, 0, 0, 1, 2]);
    }

    [Fact]
    public void A_quiet_time_gives_the_burst_back_but_no_more_than_that()
    {
        var pace = Pace(perMinute: 60, burst: 2);
        for (var i = 0; i < 2; i++) pace.Reserve("T1", _second);

        _time.Advance(TimeSpan.FromHours(1));

        Enumerable.Range(0, 3).Select(_ => pace.Reserve("T1", _second).TotalSeconds).ShouldBe([0, 0, 1]);
    }

    [Fact]
    public void Beyond_the_patience_no_place_is_taken()
    {
        var pace = Pace(perMinute: 60, burst: 1);
        pace.Reserve("T1", _second).ShouldBe(TimeSpan.Zero);
        pace.Reserve("T1", _second).ShouldBe(_second);

        for (var i = 0; i < 10; i++) pace.Reserve("T1", _second).ShouldBeGreaterThan(_second);

        _time.Advance(_second);
        pace.Reserve("T1", _second).ShouldBe(_second);
    }

    [Fact]
    public void Those_who_have_to_come_back_do_not_all_come_back_at_once()
    {
        var pace = Pace(perMinute: 60, burst: 1);
        for (var i = 0; i < 2; i++) pace.Reserve("T1", _second);

        var waits = Enumerable.Range(0, 100).Select(_ => pace.Reserve("T1", _second)).ToList();

        waits.Distinct().Count().ShouldBe(100);
        waits.ShouldAllBe(wait => wait > _second && wait <= TimeSpan.FromSeconds(102));
    }

    [Fact]
    public void Workspaces_do_not_hold_each_other_up()
    {
        var pace = Pace(perMinute: 1, burst: 1);
        pace.Reserve("T1", _second);

        pace.Reserve("T2", _second).ShouldBe(TimeSpan.Zero);
        pace.Reserve("T1", _second).ShouldBeGreaterThan(_second);
    }

    [Fact]
    public void When_Slack_asks_for_quiet_nothing_goes_out()
    {
        var pace = Pace(perMinute: 60, burst: 5);
        pace.Quieten("T1", TimeSpan.FromSeconds(30));
        pace.Reserve("T1", _second).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(30));
        pace.Reserve("T2", _second).ShouldBe(TimeSpan.Zero);

        _time.Advance(TimeSpan.FromSeconds(29.5));
        pace.Reserve("T1", _second).ShouldBe(TimeSpan.FromSeconds(0.5));

        _time.Advance(_second);
        pace.Reserve("T1", _second).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void A_shorter_quiet_does_not_shorten_a_longer_one()
    {
        var pace = Pace(perMinute: 60, burst: 5);
        pace.Quieten("T1", TimeSpan.FromSeconds(30));
        pace.Quieten("T1", TimeSpan.FromSeconds(2));

        pace.Reserve("T1", TimeSpan.FromMinutes(1)).ShouldBe(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void In_no_minute_go_out_more_than_the_pace_and_one_burst() =>
        Gen.Select(Gen.Int[1, 120], Gen.Int[1, 20], Gen.Int[0, 4_000].Array[50, 200]).Sample((perMinute, burst, steps) =>
        {
            var time = new FakeTimeProvider();
            var pace = new SlackPace(Options.Create(new DeliveryOptions { PostsPerMinute = perMinute, Burst = burst }), time);
            var posts = new List<DateTimeOffset>();
            foreach (var step in steps)
            {
                time.Advance(TimeSpan.FromMilliseconds(step));
                var wait = pace.Reserve("T1", _second);
                if (wait <= _second) posts.Add(time.GetUtcNow() + wait);
            }

            foreach (var from in posts)
                posts.Count(post => post >= from && post < from.AddMinutes(1)).ShouldBeLessThanOrEqualTo(perMinute + burst);
        });

    private SlackPace Pace(int perMinute, int burst) =>
        new(Options.Create(new DeliveryOptions { PostsPerMinute = perMinute, Burst = burst }), _time);
}
