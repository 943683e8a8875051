using Microsoft.Extensions.Time.Testing;
using StudyTracker.Telemetry;

namespace StudyTracker.UnitTests.ServiceDefaults.Telemetry;

public sealed class SampledLogTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void One_line_in_a_while_is_let_through_and_tells_of_the_others()
    {
        var log = new SampledLog(_time, TimeSpan.FromSeconds(1));

        log.IsDue("timeout", out var first).ShouldBeTrue();
        for (var i = 0; i < 7; i++) log.IsDue("timeout", out _).ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(1));
        log.IsDue("timeout", out var second).ShouldBeTrue();

        (first, second).ShouldBe((0, 7));
    }

    [Fact]
    public void Another_reason_is_let_through_at_once()
    {
        var log = new SampledLog(_time, TimeSpan.FromSeconds(1));
        log.IsDue("timeout", out _).ShouldBeTrue();

        log.IsDue("queue_full", out _).ShouldBeTrue();
    }
}
