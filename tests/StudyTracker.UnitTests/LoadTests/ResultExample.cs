using StudyTracker.LoadTests.Engine;
using StudyTracker.LoadTests.Report;

namespace StudyTracker.UnitTests.LoadTests;

/// <summary>A result with no more in it than a test says.</summary>
internal static class ResultExample
{
    private static readonly LatencyPair _nothing = new(null, null);

    public static RunResult With(params (string Name, double Value)[] figures) => new()
    {
        Scenario = new("SC1", "Title", "제목", "What </script> happens.", []),
        Environment = new(DateTimeOffset.UnixEpoch, 1, 1, "./study load SC1", "own", "here", 1, 1, 2, "a processor", 4, "Linux", ".NET", "32768 to 60999"),
        Verdict = new(true, []),
        Figures = figures.ToDictionary(figure => figure.Name, figure => figure.Value),
        Errors = [],
        Stages = [],
        Latencies = new(_nothing, _nothing, _nothing, _nothing, null, null, null, [new CurvePoint(50, 1)], []),
        Triggers = [],
        Ledger = new(true, [], null),
        Generator = new(0.5, null, 0, 0, false, "It kept up."),
        Comparison = new("a report", [], [], []),
        Series = new([0], new Dictionary<string, IReadOnlyList<double?>> { ["rate.sent"] = [1] }),
        PercentilesOverTime = new([], new Dictionary<string, IReadOnlyList<double?>>()),
    };
}
