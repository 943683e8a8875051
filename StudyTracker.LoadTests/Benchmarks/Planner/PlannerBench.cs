using System.Diagnostics;
using System.Net.Http.Json;
using Npgsql;
using StudyTracker.AppHost.Local;
using StudyTracker.Contracts;

namespace StudyTracker.LoadTests.Benchmarks.Planner;

/// <summary>
/// Ingress, the Summarizer and PostgreSQL as processes of their own, the broker in this one. Nothing is summarised: the writer
/// waits for a model that never answers, with its first job. A run counts only when every member has exactly one job of it.
/// </summary>
internal sealed class PlannerBench : IAsyncDisposable
{
    private const int PageSize = 500;
    private const string FinishedRun = "bench-finished";

    // Each a message for every member, so that everybody has something new; posted before the run is asked for.
    private const string Write = """
        WITH member AS (
            INSERT INTO study.members (team_id, user_id)
            SELECT 'T0BENCH' || n % 8, 'U' || lpad(n::text, 10, '0') FROM generate_series(1, $1) n
            ON CONFLICT DO NOTHING)
        INSERT INTO study.messages (team_id, channel, ts, user_id, text, posted_at, version, event_id, received_at)
        SELECT
            'T0BENCH' || n % 8, 'C' || lpad((n % 1000)::text, 10, '0'),
            to_char(extract(epoch FROM now()), 'FM9999999999') || '.' || lpad(n::text, 6, '0') || i, 'U' || lpad(n::text, 10, '0'),
            'Today I studied chapter ' || i || ' on consistent hashing.', now() - interval '1 second', 0, 'Ev' || n || '-' || $2, now()
        FROM generate_series(1, $1) n, generate_series(1, 3) i
        """;

    private static readonly TimeSpan _longest = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan _triggerPause = TimeSpan.FromMilliseconds(50);
    private readonly LocalHost _host;
    private readonly int _members;
    private readonly Action<string> _say;
    private readonly NpgsqlDataSource _database;
    private readonly TopicSize _topics;
    private readonly HttpClient _ingress;

    private PlannerBench(LocalHost host, int members, Action<string> say)
    {
        (_host, _members, _say) = (host, members, say);
        _database = NpgsqlDataSource.Create($"{host.StudyDb};Command Timeout=0");
        _topics = new TopicSize(host.KafkaServers, host.Kafka!.PartitionCount);
        _ingress = new HttpClient { BaseAddress = host.Services[ServiceNames.Ingress].Url, Timeout = TimeSpan.FromSeconds(30) };
        _ingress.DefaultRequestHeaders.Add("X-Api-Key", host.OperatorKey);
    }

    private ServiceProcess Summarizer => _host.Services[ServiceNames.Summarizer];

    public static async Task<PlannerBench> StartAsync(int members, Action<string> say, CancellationToken cancellationToken) =>
        new(await LocalHost.StartAsync(Setup(), cancel: cancellationToken), members, say);

    /// <summary>Undisturbed runs and runs with a kill take turns; one run goes first and does not count.</summary>
    public async Task<IReadOnlyList<PlannerFigures>> RunAsync(int rounds, CancellationToken cancellationToken)
    {
        _say($"Warming up with a run over {_members:N0} members that does not count.");
        await PrepareAsync(FinishedRun, cancellationToken);
        await TriggerAsync(FinishedRun, cancellationToken);
        await PlannedAsync(FinishedRun, cancellationToken);
        await ExecuteAsync("UPDATE study.jobs SET state = 'Done', finished_at = now()", cancellationToken);
        List<PlannerRound> undisturbed = [], killed = [];
        for (var round = 1; round <= rounds; round++)
        {
            undisturbed.Add(await RoundAsync($"bench-{round}", kill: false, cancellationToken));
            _say($"  round {round}: {_members / undisturbed[^1].Seconds:N0} jobs/s, trigger answered in {undisturbed[^1].TriggerMs[0]:0.0} ms");
            killed.Add(await RoundAsync($"bench-{round}-killed", kill: true, cancellationToken));
            _say($"  round {round}, killed in the middle: planned after {killed[^1].Seconds:0.0} s");
        }

        return [PlannerFigures.Of("undisturbed", _members, undisturbed), PlannerFigures.Of("killed in the middle", _members, killed)];
    }

    public async ValueTask DisposeAsync()
    {
        _ingress.Dispose();
        _topics.Dispose();
        await _database.DisposeAsync();
        await _host.DisposeAsync();
    }

    private async Task<PlannerRound> RoundAsync(string runId, bool kill, CancellationToken cancellationToken)
    {
        await PrepareAsync(runId, cancellationToken);
        var restarts = Summarizer.Restarts;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var before = Cpu();
        var beforeKill = 0.0;
        var sent = _topics.Records(Topics.SummaryJobs);
        var started = Stopwatch.GetTimestamp();
        List<double> answers = [await TriggerAsync(runId, cancellationToken)];
        var triggers = KeepTriggeringAsync(answers, stop.Token);
        if (kill)
        {
            while (await PlannedMembersAsync(runId, cancellationToken) < _members / 2) await Task.Delay(5, cancellationToken);
            beforeKill = ProcessUsage.CpuSeconds(Summarizer.Pid);
            Summarizer.Kill();
        }

        var peak = await PlannedAsync(runId, cancellationToken);
        // Planned is what stands in the database; done is what the writer can take.
        while (_topics.Records(Topics.SummaryJobs) < sent + _members)
        {
            if (Stopwatch.GetElapsedTime(started) > _longest) throw new BenchException($"Jobs of {runId} are missing in the topic; the log is {Summarizer.LogPath}.");
            await Task.Delay(10, cancellationToken);
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var after = Cpu();
        await stop.CancelAsync();
        await triggers;
        await CheckAsync(runId, cancellationToken);
        if (Summarizer.Restarts - restarts != (kill ? 1 : 0)) throw new BenchException($"The Summarizer died; its log is {Summarizer.LogPath}.");
        var used = after.ToDictionary(entry => entry.Key, entry => entry.Value - before[entry.Key]);
        // What the killed process had used is not in the new one's figure.
        if (kill) used["planner"] += beforeKill;
        return new PlannerRound(seconds, answers, used, peak / 1e6);
    }

    /// <summary>Triggers while the run is planned: of a run that is finished, so that they change nothing.</summary>
    private async Task KeepTriggeringAsync(List<double> answers, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(_triggerPause, cancellationToken);
                answers.Add(await TriggerAsync(FinishedRun, cancellationToken));
            }
        }
        catch (OperationCanceledException)
        {
            // The run is planned.
        }
    }

    /// <returns>Milliseconds until the trigger was answered.</returns>
    private async Task<double> TriggerAsync(string runId, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        using var answer = await _ingress.PostAsJsonAsync("/scheduler/trigger", new { kind = "daily", id = runId }, cancellationToken);
        if (!answer.IsSuccessStatusCode) throw new BenchException($"The trigger was answered with {(int)answer.StatusCode}.");
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    /// <summary>Everybody writes something new, and the tables are as autovacuum and checkpoints leave them.</summary>
    private async Task PrepareAsync(string round, CancellationToken cancellationToken)
    {
        await using (var write = _database.CreateCommand(Write))
        {
            write.Parameters.Add(new() { Value = _members });
            write.Parameters.Add(new() { Value = round });
            await write.ExecuteNonQueryAsync(cancellationToken);
        }

        await ExecuteAsync("VACUUM ANALYZE", cancellationToken);
        await ExecuteAsync("CHECKPOINT", cancellationToken);
    }

    /// <returns>The most memory that the Summarizer was seen to hold, in bytes.</returns>
    private async Task<double> PlannedAsync(string runId, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var peak = 0L;
        while (await ScalarAsync($"SELECT count(*) FROM study.runs WHERE run_id = '{runId}' AND planned_at IS NOT NULL", cancellationToken) == 0)
        {
            if (Stopwatch.GetElapsedTime(started) > _longest) throw new BenchException($"{runId} is not planned after {_longest}; the log is {Summarizer.LogPath}.");
            peak = Math.Max(peak, Resident());
            await Task.Delay(25, cancellationToken);
        }

        return Math.Max(peak, Resident());
    }

    private Task<long> PlannedMembersAsync(string runId, CancellationToken cancellationToken) =>
        ScalarAsync($"SELECT coalesce(sum(members), 0)::bigint FROM study.runs WHERE run_id = '{runId}'", cancellationToken);

    private async Task CheckAsync(string runId, CancellationToken cancellationToken)
    {
        var jobs = await ScalarAsync($"SELECT count(*) FROM study.jobs WHERE run_id = '{runId}'", cancellationToken);
        var members = await ScalarAsync($"SELECT count(DISTINCT (team_id, user_id)) FROM study.jobs WHERE run_id = '{runId}'", cancellationToken);
        if (jobs != _members || members != _members)
            throw new BenchException($"{_members:N0} members have something new, and {runId} has {jobs:N0} jobs of {members:N0} members.");
    }

    private Dictionary<string, double> Cpu() => new()
    {
        ["planner"] = ProcessUsage.CpuSeconds(Summarizer.Pid),
        ["ingress"] = ProcessUsage.CpuSeconds(_host.Services[ServiceNames.Ingress].Pid),
        ["postgres"] = ProcessUsage.CpuSecondsWithChildren(_host.Postgres!.Pid),
        ["broker and benchmark"] = ProcessUsage.CpuSeconds(Environment.ProcessId),
    };

    private long Resident()
    {
        try
        {
            return ProcessUsage.ResidentBytes(Summarizer.Pid);
        }
        catch (Exception error) when (error is IOException or FormatException)
        {
            return 0; // it was killed, and the next is not there yet
        }
    }

    private async Task<long> ScalarAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = _database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = _database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static LocalHostSetup Setup() => new()
    {
        Instance = "bench-planner",
        Fresh = true,
        Temporary = true,
        Services = [ServiceNames.Ingress, ServiceNames.Summarizer],
        // The local broker keeps 5 MB of a partition and drops the oldest: nothing needs the jobs of the earlier rounds.
        Options = LocalHostOptions.FromEnvironment() with { FirstPort = 18_280 },
        Settings = new Dictionary<string, string>
        {
            ["DOTNET_ENVIRONMENT"] = "Production", // without fail points
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
        },
        ServiceSettings = new Dictionary<string, IReadOnlyDictionary<string, string>>
        {
            [ServiceNames.Summarizer] = new Dictionary<string, string>
            {
                ["Schedule__Enabled"] = "false",
                ["Schedule__PageSize"] = $"{PageSize}",
                // The writer takes one job and waits for an address that nobody answers at (RFC 5737).
                ["OpenAI__Endpoint"] = "http://192.0.2.1/v1",
                ["OpenAI__ApiKey"] = "none",
                ["OpenAI__TimeoutSeconds"] = "600",
                ["Consumers__writer__Concurrency"] = "1",
                ["Consumers__writer__MaxInFlight"] = "1",
            },
        },
    };
}
