using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Npgsql;
using StudyTracker.AppHost.Local;
using StudyTracker.Contracts;

namespace StudyTracker.LoadTests.Benchmarks.Writer;

/// <summary>
/// A Summarizer (or several), PostgreSQL, Redis, the broker and the Sandbox as the model, on this machine. Members with three
/// messages each are put into the database; a trigger then makes a run of them, and the jobs' own times tell how it went.
/// </summary>
internal static class WriterBench
{
    // What a service compiles in its first seconds is no part of what it does all day.
    private const int WarmUpJobs = 20_000;
    private static readonly TimeSpan _longest = TimeSpan.FromMinutes(5);

    // Every member's messages are different, so no answer comes from the cache.
    private const string AddMembers = """
        WITH member AS (
            INSERT INTO study.members (team_id, user_id)
            SELECT 'T' || upper($1) || n % 8, 'U' || lpad(n::text, 10, '0') FROM generate_series(1, $2) n
            RETURNING team_id, user_id)
        INSERT INTO study.messages (team_id, channel, ts, user_id, text, posted_at, version, event_id, received_at)
        SELECT
            team_id, 'C' || user_id, extract(epoch FROM now())::bigint - 100 + i || '.' || lpad(i::text, 6, '0'), user_id,
            'Today I studied chapter ' || i || ' on consistent hashing; note ' || md5(team_id || user_id || i)
                || ': a ring of virtual nodes keeps most keys where they are when a server joins or leaves.',
            now() - make_interval(secs => 100 - i), 0, 'Ev' || team_id || user_id || i, now()
        FROM member, generate_series(1, 3) i
        """;

    public static async Task<WriterFigures> RunAsync(WriterLoad load, int replicas, CancellationToken cancellationToken)
    {
        await using var host = await LocalHost.StartAsync(Setup("bench-writer", load, [ServiceNames.Sandbox, ServiceNames.Summarizer]), cancel: cancellationToken);
        var more = new List<LocalHost>();
        try
        {
            for (var replica = 2; replica <= replicas; replica++)
            {
                more.Add(await LocalHost.StartAsync(Replica(replica, load, host), cancel: cancellationToken));
            }

            var summarizers = more.Prepend(host).Select(one => one.Services[ServiceNames.Summarizer]).ToList();
            await using var database = NpgsqlDataSource.Create(host.StudyDb);
            // Under a limit the compiler is not what takes the time; the warm-up must only not use up the measured run's minute.
            await RunAsync(host, database, "warmup", load.PerMinute == 0 ? WarmUpJobs : Math.Min(WarmUpJobs, load.PerMinute / 4), cancellationToken);
            if (load.PerMinute > 0) await Task.Delay(TimeSpan.FromMinutes(1), cancellationToken);

            var (calls, done, cpu) = (await ModelCallsAsync(host, cancellationToken), await DoneAsync(summarizers, cancellationToken), Cpu(host, summarizers));
            var (total, writing) = await RunAsync(host, database, "run", load.Jobs, cancellationToken);
            var used = Cpu(host, summarizers).ToDictionary(entry => entry.Key, entry => (entry.Value - cpu[entry.Key]) / load.Jobs * 1_000);
            var doneNow = await DoneAsync(summarizers, cancellationToken);
            return new WriterFigures(
                replicas, load.Jobs, load.LatencyMs, load.Concurrency,
                writing,
                load.IdealSeconds(replicas),
                writing / load.IdealSeconds(replicas),
                load.Jobs / writing,
                total,
                used,
                [.. doneNow.Zip(done, (after, before) => after - before)],
                await ModelCallsAsync(host, cancellationToken) - calls);
        }
        finally
        {
            foreach (var one in more) await one.DisposeAsync();
        }
    }

    /// <summary>Has a run made of as many new members, and waits for its end: seconds in all, and from the first call on.</summary>
    private static async Task<(double Total, double Writing)> RunAsync(
        LocalHost host, NpgsqlDataSource database, string name, int jobs, CancellationToken cancellationToken)
    {
        await using (var add = database.CreateCommand(AddMembers))
        {
            add.Parameters.Add(new() { Value = name });
            add.Parameters.Add(new() { Value = jobs });
            await add.ExecuteNonQueryAsync(cancellationToken);
        }

        await using (var analyze = database.CreateCommand("ANALYZE study.members, study.messages")) await analyze.ExecuteNonQueryAsync(cancellationToken);
        var started = Stopwatch.GetTimestamp();
        await TriggerAsync(host, $"bench-{name}", cancellationToken);
        while (await ScalarAsync<long>($"SELECT count(*) FROM study.jobs WHERE run_id = 'bench-{name}' AND finished_at IS NOT NULL") < jobs)
        {
            if (Stopwatch.GetElapsedTime(started) > _longest) throw new LocalHostException($"The run '{name}' did not end in {_longest}.");
            await Task.Delay(100, cancellationToken);
        }

        var total = Stopwatch.GetElapsedTime(started);
        var written = await ScalarAsync<long>($"SELECT count(*) FROM study.summaries WHERE run_id = 'bench-{name}'");
        if (written != jobs) throw new LocalHostException($"{written} of {jobs} jobs led to a summary; see {host.Services[ServiceNames.Summarizer].LogPath}.");
        var writing = await ScalarAsync<double>($"""
            SELECT extract(epoch FROM (SELECT max(finished_at) FROM study.jobs WHERE run_id = 'bench-{name}')
                - (SELECT min(created_at) FROM study.summaries WHERE run_id = 'bench-{name}'))::float8
            """);
        // A summary's time is when its answer had come: the first call began one latency before.
        return (total.TotalSeconds, writing + await LatencyAsync(host, cancellationToken));

        async Task<T> ScalarAsync<T>(string sql)
        {
            await using var command = database.CreateCommand(sql);
            return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
        }
    }

    private static async Task TriggerAsync(LocalHost host, string runId, CancellationToken cancellationToken)
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = host.KafkaServers, Acks = Acks.All }).Build();
        var trigger = new TriggerRecord(runId, SummaryKind.Daily, DateTimeOffset.UtcNow, "api");
        await producer.ProduceAsync(
            Topics.SchedulerTriggers,
            new Message<byte[], byte[]>
            {
                Key = Encoding.UTF8.GetBytes(runId),
                Value = JsonSerializer.SerializeToUtf8Bytes(trigger, ContractsJson.Default.TriggerRecord),
            },
            cancellationToken);
    }

    private static Dictionary<string, double> Cpu(LocalHost host, IEnumerable<ServiceProcess> summarizers) => new()
    {
        ["writer"] = summarizers.Sum(service => ProcessUsage.CpuSeconds(service.Pid)),
        ["sandbox"] = ProcessUsage.CpuSeconds(host.Services[ServiceNames.Sandbox].Pid),
        ["postgres"] = ProcessUsage.CpuSecondsWithChildren(host.Postgres!.Pid),
        ["redis"] = ProcessUsage.CpuSeconds(host.Redis!.Pid),
        ["broker and benchmark"] = ProcessUsage.CpuSeconds(Environment.ProcessId),
    };

    private static async Task<double[]> DoneAsync(IEnumerable<ServiceProcess> summarizers, CancellationToken cancellationToken) =>
        await Task.WhenAll(summarizers.Select(service =>
            MetricsPage.SumAsync(service.ManagementUrl, "studytracker_consumer_records_total", $"stage=\"{ConsumerGroups.Writer}\"", cancellationToken)));

    private static async Task<long> ModelCallsAsync(LocalHost host, CancellationToken cancellationToken) =>
        (await SandboxAsync(host, "/sandbox/ledger", cancellationToken)).GetProperty("model").GetProperty("calls").GetInt64();

    private static async Task<double> LatencyAsync(LocalHost host, CancellationToken cancellationToken) =>
        (await SandboxAsync(host, "/sandbox/settings", cancellationToken)).GetProperty("modelLatencyMs").GetInt32() / 1_000.0;

    private static async Task<JsonElement> SandboxAsync(LocalHost host, string path, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = host.Services[ServiceNames.Sandbox].Url };
        return await http.GetFromJsonAsync<JsonElement>(path, cancellationToken);
    }

    private static LocalHostSetup Setup(string instance, WriterLoad load, IReadOnlyCollection<string> services) => new()
    {
        Instance = instance,
        Fresh = true,
        Temporary = true,
        Options = LocalHostOptions.FromEnvironment() with { FirstPort = 18_080 },
        Services = services,
        Settings = Settings(load),
        ServiceSettings = new Dictionary<string, IReadOnlyDictionary<string, string>>
        {
            [ServiceNames.Sandbox] = new Dictionary<string, string>
            {
                ["Sandbox__ModelLatency"] = TimeSpan.FromMilliseconds(load.LatencyMs).ToString(),
                ["Sandbox__ModelJitter"] = "00:00:00",
                ["Sandbox__ModelRequestsPerMinute"] = $"{load.PerMinute}",
                ["Sandbox__JournalPath"] = "", // what the ledger writes to disk is no part of the writer
            },
        },
    };

    private static LocalHostSetup Replica(int number, WriterLoad load, LocalHost first) => Setup($"bench-writer-{number}", load, [ServiceNames.Summarizer]) with
    {
        Environment = new Dictionary<string, string>(ServiceEnvironment.WithoutSettings(LocalHostSetup.OwnEnvironment()))
        {
            ["ConnectionStrings__kafka"] = first.KafkaServers,
            ["ConnectionStrings__studydb"] = first.StudyDb,
            ["ConnectionStrings__redis"] = first.RedisServers,
        },
        Settings = new Dictionary<string, string>(Settings(load))
        {
            ["OpenAI__Endpoint"] = new Uri(first.Services[ServiceNames.Sandbox].Url, "/v1").ToString(),
            ["OpenAI__ApiKey"] = "sandbox",
            ["OpenAI__Model"] = "sandbox-extractive",
            ["Kafka__EnableIdempotence"] = "false",
            ["Kafka__FetchWaitMaxMs"] = "20",
            ["Kafka__SessionTimeoutMs"] = "6000",
        },
    };

    private static Dictionary<string, string> Settings(WriterLoad load) => new()
    {
        ["Schedule__Enabled"] = "false",
        ["OpenAI__MaxConcurrentCalls"] = $"{load.Concurrency}",
        ["OpenAI__RequestsPerMinute"] = $"{load.PerMinute}",
        ["DOTNET_ENVIRONMENT"] = "Production", // without fail points
        ["ASPNETCORE_ENVIRONMENT"] = "Production",
    };
}
