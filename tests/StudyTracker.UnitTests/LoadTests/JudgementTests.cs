using System.Text.Json;
using StudyTracker.LoadTests;
using StudyTracker.LoadTests.Commands;
using StudyTracker.LoadTests.Compare;
using StudyTracker.LoadTests.Engine;
using StudyTracker.LoadTests.Ledger;
using StudyTracker.LoadTests.Report;
using StudyTracker.LoadTests.Running;
using StudyTracker.LoadTests.Scenarios;

namespace StudyTracker.UnitTests.LoadTests;

public sealed class JudgementTests
{
    private static readonly Dictionary<string, double> _figures = new() { ["failed"] = 0, ["planned"] = 100, ["stored"] = 99 };

    [Theory]
    [InlineData("failed", "==", "0", true)]
    [InlineData("stored", "==", "\"planned\"", false)]
    [InlineData("stored", "<", "\"planned\"", true)]
    [InlineData("stored", ">=", "99", true)]
    [InlineData("stored", ">", "99", false)]
    [InlineData("delivered", ">=", "0", false)]
    [InlineData("stored", ">=", "\"delivered\"", false)]
    public void A_threshold_compares_with_a_number_or_a_figure_and_what_was_not_measured_does_not_hold(string figure, string comparison, string than, bool passed)
    {
        var verdict = Verdicts.Judge([new Threshold(figure, comparison, JsonSerializer.Deserialize<JsonElement>(than))], _figures);

        verdict.Passed.ShouldBe(passed);
    }

    [Fact]
    public void A_ledger_adds_up_only_when_every_line_does()
    {
        Broken(counts => counts).ShouldBeEmpty();
        Broken(counts => counts with { Stored = 89 }).ShouldBe(["messages"]);
        Broken(counts => counts with { Accepted = 91, Stored = 91 }).ShouldBe(["events"]);
        Broken(counts => counts with { Doubled = 1 }).ShouldBe(["rows"]);
        Broken(counts => counts with { RunsExecuted = 1 }).ShouldBe(["triggers"]);
        Broken(counts => counts with { Jobs = 7 }).ShouldBe(["jobs"]);
        Broken(counts => counts with { Parked = 1 }).ShouldBe(["summaries"]);
        Broken(counts => counts with { Slack = new SlackPosts(5, 1) }).ShouldBe(["Slack"]);

        static IEnumerable<string> Broken(Func<LedgerCounts, LedgerCounts> change)
        {
            var counts = new LedgerCounts
            {
                Sent = 100,
                Accepted = 90,
                Failed = new Dictionary<string, int> { ["HTTP 503"] = 7, ["ECONNRESET"] = 3 },
                Stored = 90,
                Doubled = 0,
                StoredWithoutAnswer = 2,
                Strangers = 0,
                TriggersAccepted = 2,
                RunsExecuted = 2,
                Jobs = 6,
                Empty = 1,
                GivenUp = 0,
                Summaries = 5,
                Delivered = 5,
                Parked = 0,
                Slack = new SlackPosts(5, 0),
            };
            return change(counts).Lines().Where(line => !line.AddsUp).Select(line => line.Name);
        }
    }

    [Fact]
    public void Latencies_have_the_percentiles_that_were_put_in()
    {
        var summary = Latencies.Of(Enumerable.Range(1, 1_000).Select(ms => (double)ms)).Summary()!;

        summary.Count.ShouldBe(1_000);
        summary.MeanMs.ShouldBe(500.5, tolerance: 1);
        summary.P50Ms.ShouldBe(500, tolerance: 1);
        summary.P99Ms.ShouldBe(990, tolerance: 2);
        summary.P999Ms.ShouldBe(999, tolerance: 2);
        summary.MaxMs.ShouldBe(1_000, tolerance: 2);
        new Latencies().Summary().ShouldBeNull();
    }

    [Fact]
    public void A_run_that_is_worse_by_more_than_the_tolerance_is_a_regression()
    {
        Worse(("accept p99", 100), ("accept p99", 119)).ShouldBeEmpty();
        Worse(("accept p99", 100), ("accept p99", 121)).ShouldBe(["accept p99"]);
        Worse(("accept p99", 1), ("accept p99", 2.5)).ShouldBeEmpty();
        Worse(("goodput", 1_000), ("goodput", 790)).ShouldBe(["goodput"]);
        Worse(("lost", 0), ("lost", 1)).ShouldBe(["lost"]);
        Worse(("stored", 10), ("accepted", 10)).ShouldBe(["stored"]);

        static IEnumerable<string> Worse((string Name, double Value) before, (string Name, double Value) after) =>
            Comparison.Of(ResultExample.With(before), ResultExample.With(after), tolerance: 0.2).Where(row => row.IsWorse).Select(row => row.Figure);
    }

    [Fact]
    public void Only_runs_of_one_scenario_and_size_are_compared()
    {
        var run = ResultExample.With(("lost", 0));

        Should.Throw<LoadException>(() => Comparison.Of(run, run with { Scenario = run.Scenario with { Id = "SC2" } }, 0.2));
        Should.Throw<LoadException>(() => Comparison.Of(run, run with { Environment = run.Environment with { Speed = 10 } }, 0.2));
    }

    [Theory]
    [InlineData("rate", "key=value")]
    [InlineData("pace=1", "pace")]
    [InlineData("timeoutMs=1", "Load:TimeoutMs")]
    [InlineData("arrivals=often", "constant or poisson")]
    public void A_wrong_option_is_named(string set, string named) =>
        Should.Throw<LoadException>(() => LoadSettings.Read([set])).Message.ShouldContain(named, Case.Insensitive);

    [Fact]
    public void Options_with_a_colon_go_to_the_services()
    {
        var settings = LoadSettings.Read(["rate=500", "Kafka:LingerMs=5"]);

        settings.Options.Rate.ShouldBe(500);
        settings.Services.ShouldBe(new Dictionary<string, string> { ["Kafka__LingerMs"] = "5" });
    }

    [Fact]
    public void Whom_to_kill_and_when_is_read()
    {
        Kill.Parse("summarizer@0.5, ingress@0.25").ShouldBe([new Kill("summarizer", 0.5), new Kill("ingress", 0.25)]);
        Should.Throw<LoadException>(() => Kill.Parse("summarizer"));
        Should.Throw<LoadException>(() => Kill.Parse("summarizer@2"));
    }
}
