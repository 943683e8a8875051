using StudyTracker.AppHost.Local;

namespace StudyTracker.UnitTests.AppHost;

public sealed class LocalHostOptionsTests
{
    [Fact]
    public void Defaults_are_in_range() => Should.NotThrow(() => new LocalHostOptions().Validated());

    [Fact]
    public void A_value_out_of_range_is_refused_with_its_key() =>
        Should.Throw<LocalHostException>(() => new LocalHostOptions { StartTimeout = TimeSpan.Zero }.Validated())
            .Message.ShouldContain("LocalHost:StartTimeout");

    [Fact]
    public void Each_service_leaves_those_after_it_time_to_stop()
    {
        var whole = TimeSpan.FromSeconds(6);

        StopBudget.For(whole, TimeSpan.Zero, left: 4).TotalSeconds.ShouldBe(4.2, tolerance: 0.001);
        StopBudget.For(whole, TimeSpan.FromSeconds(4.2), left: 3).TotalSeconds.ShouldBe(0.6, tolerance: 0.001);
        StopBudget.For(whole, TimeSpan.FromSeconds(9), left: 1).TotalSeconds.ShouldBe(0.6, tolerance: 0.001);
    }
}
