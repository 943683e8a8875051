using StudyTracker.AppHost.Local.Infrastructure;
using StudyTracker.FunctionalTests.Support;
using StudyTracker.LoadTests.Commands;
using StudyTracker.LoadTests.Report;
using StudyTracker.LoadTests.Running;
using StudyTracker.LoadTests.Scenarios;
using StudyTracker.LoadTests.Targets;

namespace StudyTracker.FunctionalTests.LoadTests;

/// <summary>
/// A host of the load tests' own, as <c>./study load</c> starts it: other tests kill services and take Kafka away, which no
/// threshold would survive. Scenarios are small and fast, and each has its own learners.
/// </summary>
public sealed class LoadHost : IAsyncLifetime
{
    private const double Speed = 200;

    private readonly ScenarioFile _file = ScenarioFile.Load();
    private readonly string _output = Path.Combine(Path.GetTempPath(), $"studytracker-load-{Environment.ProcessId}");
    private LoadTarget? _target;

    public async ValueTask InitializeAsync()
    {
        var session = Session([]);
        _target = await session.StartHostAsync(Plan("SC3", []), TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_target?.Host is { } host)
        {
            await host.DisposeAsync();
            if (!NoteFailuresAttribute.AnyFailed)
            {
                PostgresCluster.DeleteFallback(host.Folder);
                Directory.Delete(host.Folder.FullPath, recursive: true);
            }
        }

        if (!NoteFailuresAttribute.AnyFailed && Directory.Exists(_output)) Directory.Delete(_output, recursive: true);
    }

    /// <summary>Replays a scenario in a small form.</summary>
    internal Task<RunResult> ReplayAsync(string id, params string[] sets) => Session(sets).RunAsync(Plan(id, sets), _target!, TestContext.Current.CancellationToken);

    /// <summary>Where the report of the last replay of a scenario is.</summary>
    internal string ReportOf(string id) => Path.Combine(_output, id, "report.html");

    private LoadSession Session(string[] sets) => new(Settings(sets), "a test", RunOutput.Silent, $"functional-load-{Environment.ProcessId}");

    private LoadPlan Plan(string id, string[] sets) => LoadPlan.Of(_file.Select(id).Single(), _file.Slack, Settings(sets).Options);

    private LoadSettings Settings(string[] sets) => LoadSettings.Read(
        [$"speed={Speed}", $"output={_output}", "drainSeconds=45", "Kafka:SessionTimeoutMs=2000", "OpenAI:TimeoutSeconds=2", "OpenAI:PostponeSeconds=1", "Notifier:LeaseSeconds=3", "Slack:TimeoutSeconds=2", .. sets]);
}
