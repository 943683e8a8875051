using System.Globalization;
using System.Text.Json;
using StudyTracker.LoadTests.Scenarios;

namespace StudyTracker.LoadTests.Report;

/// <summary>Holds figures against thresholds.</summary>
internal static class Verdicts
{
    /// <summary>Judges; what was not measured does not hold.</summary>
    public static VerdictResult Judge(IEnumerable<Threshold> thresholds, IReadOnlyDictionary<string, double> figures)
    {
        List<ThresholdResult> results = [.. thresholds.Select(threshold => Judge(threshold, figures))];
        return new(results.All(result => result.Passed), results);
    }

    private static ThresholdResult Judge(Threshold threshold, IReadOnlyDictionary<string, double> figures)
    {
        var isNumber = threshold.Than.ValueKind == JsonValueKind.Number;
        var than = isNumber ? threshold.Than.GetDouble().ToString(CultureInfo.InvariantCulture) : threshold.Than.GetString()!;
        var limit = isNumber ? threshold.Than.GetDouble() : Known(figures, than);
        var actual = Known(figures, threshold.Figure);
        return new(threshold.Figure, threshold.Is, than, limit, actual, actual is { } left && limit is { } right && Holds(left, threshold.Is, right), threshold.Why);
    }

    private static bool Holds(double left, string comparison, double right) => comparison switch
    {
        "==" => left == right,
        "<" => left < right,
        "<=" => left <= right,
        ">" => left > right,
        ">=" => left >= right,
        _ => throw new LoadException($"scenarios.json: '{comparison}' is no comparison; there are ==, <, <=, > and >=."),
    };

    private static double? Known(IReadOnlyDictionary<string, double> figures, string name) => figures.TryGetValue(name, out var value) ? value : null;
}
