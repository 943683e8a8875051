using System.Text.Json;

namespace StudyTracker.LoadTests.Scenarios;

/// <summary>The scenarios, their thresholds, and the figures that they are compared with: data, in scenarios.json.</summary>
/// <param name="Source">Where the compared figures are from.</param>
/// <param name="Slack">Slack's limits.</param>
/// <param name="ComparisonRules">How to compare fairly.</param>
/// <param name="ReportInconsistencies">What is wrong with the report as a whole.</param>
/// <param name="Scenarios">The scenarios.</param>
internal sealed record ScenarioFile(
    string Source,
    SlackLimits Slack,
    IReadOnlyList<string> ComparisonRules,
    IReadOnlyList<string> ReportInconsistencies,
    IReadOnlyList<Scenario> Scenarios)
{
    // By the clock first: a run of connections leaves learners behind whom the next trigger would summarise as well.
    private static readonly string[] _orderOfAll = ["SC2", "SC4", "SC3", "SC3-429", "SC1", "SC1b-pooled", "SC1b-churn", "SC1b-spread"];

    /// <summary>Reads it.</summary>
    public static ScenarioFile Load()
    {
        using var stream = typeof(ScenarioFile).Assembly.GetManifestResourceStream("scenarios.json")!;
        return JsonSerializer.Deserialize<ScenarioFile>(stream, JsonSerializerOptions.Web)!;
    }

    /// <summary>The scenarios that a name stands for: its own, those that begin with it and a hyphen, or all.</summary>
    /// <exception cref="LoadException">It stands for none.</exception>
    public IReadOnlyList<Scenario> Select(string name)
    {
        if (name.Equals("all", StringComparison.OrdinalIgnoreCase)) return [.. _orderOfAll.Select(Find)];
        var found = Scenarios.Where(scenario => scenario.Id.Equals(name, StringComparison.OrdinalIgnoreCase)).ToList();
        if (found.Count == 0) found = [.. Scenarios.Where(scenario => scenario.Id.StartsWith($"{name}-", StringComparison.OrdinalIgnoreCase))];
        return found.Count > 0
            ? found
            : throw new LoadException($"There is no scenario '{name}'. There are: {string.Join(", ", Scenarios.Select(scenario => scenario.Id))}, SC1b, all.");
    }

    private Scenario Find(string id) => Scenarios.Single(scenario => scenario.Id == id);
}
