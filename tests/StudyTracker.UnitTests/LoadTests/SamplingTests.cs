using StudyTracker.LoadTests.Report;
using StudyTracker.LoadTests.Sampling;

namespace StudyTracker.UnitTests.LoadTests;

public sealed class SamplingTests
{
    [Fact]
    public void Sockets_are_counted_by_side_and_state()
    {
        // Port 7081 is 1BA9. One listener, two open connections from both sides, one port in TIME_WAIT on each side, one stranger.
        const string table = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 0100007F:1BA9 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
               1: 0100007F:1BA9 0100007F:8001 01 00000000:00000000 00:00000000 00000000     0        0 2 1 0 100 0 0 10 0
               2: 0100007F:8001 0100007F:1BA9 01 00000000:00000000 00:00000000 00000000     0        0 3 1 0 100 0 0 10 0
             103: 0100007F:8002 0100007F:1BA9 01 00000000:00000000 00:00000000 00000000     0        0 3 1 0 100 0 0 10 0
             104: 0100007F:1BA9 0100007F:8002 01 00000000:00000000 00:00000000 00000000     0        0 3 1 0 100 0 0 10 0
             105: 0100007F:8003 0100007F:1BA9 06 00000000:00000000 00:00000000 00000000     0        0 0 1 0 100 0 0 10 0
             106: 0100007F:1BA9 0100007F:8004 06 00000000:00000000 00:00000000 00000000     0        0 0 1 0 100 0 0 10 0
             107: 0100007F:8005 0100007F:1BAA 01 00000000:00000000 00:00000000 00000000     0        0 0 1 0 100 0 0 10 0
            """;

        var sockets = SocketTable.Parse(table, 7081);

        sockets.ShouldBe(new SocketTable(ClientOpen: 2, ClientTimeWait: 1, ServerOpen: 2, ServerTimeWait: 1));
        sockets.PortsInUse.ShouldBe(3);
    }

    [Fact]
    public void Metrics_are_summed_over_the_labels_that_are_asked_for()
    {
        const string text = """
            # TYPE lag gauge
            lag{stage="intake",x="a } b"} 5 1700000000000
            lag{stage="writer"} 7
            up 1
            broken{ nothing
            heap{generation="gen0"} 1.5E6
            """;

        var metrics = PrometheusText.Parse(text, new HashSet<string> { "lag", "up", "heap" });

        metrics.Sum("lag").ShouldBe(12);
        metrics.Sum("lag", "stage=\"intake\"").ShouldBe(5);
        metrics.Sum("lag", "stage=\"planner\"").ShouldBeNull();
        metrics.Sum("up").ShouldBe(1);
        metrics.Sum("heap").ShouldBe(1_500_000);
        metrics.Sum("other").ShouldBeNull();
    }

    [Fact]
    public void A_series_has_gaps_where_there_was_no_value()
    {
        var series = new Series();
        series.Begin(0);
        series.Set("one", 1);
        series.Begin(1);
        series.Begin(2);
        series.Set("one", 3);
        series.Set("two", 2);
        series.Set("two", double.NaN);
        series.Begin(3);

        series.Values["one"].ShouldBe([1, null, 3, null]);
        series.Values["two"].ShouldBe([null, null, 2, null]);
        series.Max("one").ShouldBe(3);
        series.Mean("one").ShouldBe(2);
        series.Max("three").ShouldBeNull();
    }

    [Fact]
    public void A_count_that_began_anew_has_no_rate()
    {
        var rate = new Rate();

        rate.Of(10, source: 1).ShouldBeNull();
        rate.Of(20, source: 1)!.Value.ShouldBeGreaterThan(0);
        rate.Of(5, source: 1).ShouldBeNull();
        rate.Of(50, source: 2).ShouldBeNull();
        rate.Of(null).ShouldBeNull();
    }

    [Fact]
    public void The_page_holds_everything_and_nothing_of_the_data_can_end_its_script()
    {
        var page = HtmlReport.Of(ResultExample.With(("lost", 0)));

        page.ShouldContain("uPlot");
        page.ShouldContain("SC1 &#183; Title");
        page.ShouldContain("\\u003C/script\\u003E happens");
        page.ShouldNotContain("{{result}}");
        page.ShouldNotContain("/*charts*/");
        page.ShouldNotContain("src=");
    }

    [Fact]
    public void A_result_is_read_as_it_was_written()
    {
        var result = ResultExample.With(("lost", 0), ("goodput", 1.5));

        ResultFile.ToJson(System.Text.Json.JsonSerializer.Deserialize<RunResult>(
            ResultFile.ToJson(result), System.Text.Json.JsonSerializerOptions.Web)!).ShouldBe(ResultFile.ToJson(result));
    }
}
