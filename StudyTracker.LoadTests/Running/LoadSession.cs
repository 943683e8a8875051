using StudyTracker.LoadTests.Commands;
using StudyTracker.LoadTests.Engine;
using StudyTracker.LoadTests.Report;
using StudyTracker.LoadTests.Scenarios;
using StudyTracker.LoadTests.Targets;

namespace StudyTracker.LoadTests.Running;

/// <summary>One call of <c>load</c>: its scenarios one after the other, each with a report.</summary>
/// <param name="settings">The options.</param>
/// <param name="command">The command line, for the report.</param>
/// <param name="output">Told how it goes.</param>
/// <param name="instance">Name of the local host's instance.</param>
internal sealed class LoadSession(LoadSettings settings, string command, RunOutput output, string instance = "load")
{
    private readonly ScenarioFile _file = ScenarioFile.Load();
    private readonly List<RunResult> _results = [];

    /// <summary>The results so far.</summary>
    public IReadOnlyList<RunResult> Results => _results;

    /// <summary>Runs the scenarios that the names stand for.</summary>
    /// <returns>Whether all thresholds of all of them hold.</returns>
    public async Task<bool> RunAsync(IEnumerable<string> names, CancellationToken cancel)
    {
        foreach (var scenario in names.SelectMany(_file.Select).DistinctBy(scenario => scenario.Id).ToList())
        {
            var plan = LoadPlan.Of(scenario, _file.Slack, settings.Options);
            if (settings.Options.Target.Length > 0)
            {
                await RunAsync(plan, LoadTarget.Remote(settings.Options, name => settings.Configuration[name]), cancel);
                continue;
            }

            // Each on a host of its own: what one leaves behind would be in the next one's figures.
            output.Say($"Starting StudyTracker with an empty database for {scenario.Id}.");
            var target = await StartHostAsync(plan, cancel);
            await using (target.Host) await RunAsync(plan, target, cancel);
        }

        return _results.All(result => result.Verdict.Passed);
    }

    /// <summary>Starts a host as a scenario needs it.</summary>
    public Task<LoadTarget> StartHostAsync(LoadPlan plan, CancellationToken cancel)
    {
        var needsOwnAddress = plan.Stages.Any(stage => stage.Source.PortCount is not null);
        return OwnHost.StartAsync(instance, _file.Slack, plan.Speed, needsOwnAddress ? $"{OwnAddress.Find()}" : null, settings.Services, output, cancel);
    }

    /// <summary>Runs one scenario against a system, and writes its reports.</summary>
    public async Task<RunResult> RunAsync(LoadPlan plan, LoadTarget target, CancellationToken cancel)
    {
        var folder = Path.Combine(settings.Options.Output, plan.Scenario.Id);
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        var engine = Engines.Create(settings.Options, folder);
        var facts = await new LoadRun(plan, settings.Options, target, engine, output).RunAsync(cancel);
        var environment = Machine.Describe(facts, settings.Options, target, engine.Name, command);
        var result = ResultBuilder.Build(facts, _file, environment);
        if (target.Notes.Count > 0) result = result with { Scenario = result.Scenario with { Notes = [.. result.Scenario.Notes, .. target.Notes] } };
        Reports.Write(result, folder);
        TerminalReport.Write(result, folder, output);
        _results.Add(result);
        return result;
    }
}
