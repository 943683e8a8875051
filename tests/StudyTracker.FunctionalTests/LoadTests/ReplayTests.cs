using StudyTracker.FunctionalTests.Support;
using StudyTracker.LoadTests.Report;

namespace StudyTracker.FunctionalTests.LoadTests;

/// <summary>The report's scenarios in a small and fast form, with the ledger checked.</summary>
[Collection(nameof(AloneOnTheMachine))]
public sealed class ReplayTests(LoadHost host) : IClassFixture<LoadHost>
{
    // Other tests share the processors, so how long something takes says nothing here. What is counted does.
    private static readonly string[] _aboutTime = ["trigger answer p99", "accept mean of the last stage", "over 3 s", "last delivery over what Slack allows", "late"];

    [Fact]
    public async Task SC2_and_SC4_deliver_what_one_and_what_many_have_written()
    {
        var one = await host.ReplayAsync("SC2");
        var many = await host.ReplayAsync("SC4");

        HoldsAllButTimes(one);
        one.Triggers.Count.ShouldBe(20);
        one.Triggers.Sum(trigger => trigger.Delivered).ShouldBe((int)one.Figures["delivered"]);
        HoldsAllButTimes(many);
        many.Figures["delivered"].ShouldBe(50);
    }

    [Fact]
    public async Task SC3_executes_every_trigger_while_events_come_in_and_slack_says_429()
    {
        var result = await host.ReplayAsync("SC3-429", "scale=0.02", "slack429=0.1");

        HoldsAllButTimes(result);
        result.Figures["planned"].ShouldBe(1_200);
        result.Triggers.Count(trigger => trigger.Executed).ShouldBe(10);
        result.Latencies.Stored.Corrected!.Count.ShouldBe(1_200);
        result.Series.Values.Keys.ShouldContain("cpu.ingress");
        result.Series.Values.Keys.ShouldContain("lag.intake");
    }

    [Theory]
    [InlineData("summarizer@0.5,notifier@0.7", false)]
    [InlineData("ingress@0.5", true)]
    public async Task The_ledger_of_SC3_adds_up_when_services_are_killed_in_the_middle(string kill, bool eventsMayFail)
    {
        var result = await host.ReplayAsync("SC3", "scale=0.02", $"kill={kill}");

        result.Ledger.Lines.ShouldAllBe(line => line.AddsUp);
        result.Figures["drained"].ShouldBe(1);
        result.Figures["lost"].ShouldBe(0);
        result.Figures["doubled"].ShouldBe(0);
        result.Figures["accepted + failed"].ShouldBe(1_200);
        // Not who got feedback: the triggers come within seconds, perhaps before what was written is stored again.
        if (!eventsMayFail) result.Figures["failed"].ShouldBe(0);
        result.Errors.Sum(error => error.Count).ShouldBe((int)result.Figures["failed"]);
    }

    [Fact]
    public async Task SC1_holds_its_connections_and_its_report_draws_every_chart_in_a_browser()
    {
        var result = await host.ReplayAsync("SC1", "scale=0.05");

        HoldsAllButTimes(result);
        result.Figures["planned"].ShouldBe(1_680);
        result.Figures["peak connections"].ShouldBeGreaterThan(100);
        var drawn = await Browser.OpenAsync(host.ReportOf("SC1"));
        drawn.Errors.ShouldBeEmpty();
        drawn.Canvases.ShouldBeGreaterThan(10);
        drawn.EmptyCanvases.ShouldBe(0);
        drawn.Text.ShouldContain("33,600", Case.Sensitive, "the report's own figure stands beside ours");
    }

    private static void HoldsAllButTimes(RunResult result)
    {
        var broken = result.Verdict.Thresholds.Where(threshold => !threshold.Passed && !_aboutTime.Contains(threshold.Figure));
        var ledger = string.Join('\n', result.Ledger.Lines.Select(line => line.Text));
        broken.Select(threshold => $"{threshold.Figure} {threshold.Is} {threshold.Than}: {threshold.Actual}").ShouldBeEmpty(ledger);
    }
}
