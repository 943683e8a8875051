using System.Text.Json;
using Npgsql;
using StudyTracker.AppHost.Local;
using StudyTracker.AppHost.Local.Infrastructure;
using StudyTracker.Contracts;
using StudyTracker.FunctionalTests.Support;
using StudyTracker.UnitTests.Summarizer.Summaries;

namespace StudyTracker.FunctionalTests.Writer;

internal sealed record WrittenJob(string UserId, string State, string? Error, string? Model, string? Content, int LeftOut, bool Cached);

/// <summary>A Summarizer with a broker, a database and a model's server of its own: what that says is the test's to decide.</summary>
internal sealed class ScriptedWriter : IAsyncDisposable
{
    private const string Team = "T0SCRIPTED1";

    private readonly LocalKafka _kafka = LocalKafka.Start();
    private readonly RawProducer _producer;
    private readonly Rows _rows;
    private readonly ModelServer _model;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private ExtraHost? _host;
    private int _users;

    private ScriptedWriter(string database, ModelServer model)
    {
        (_rows, _model) = (new Rows(database), model);
        _producer = new RawProducer(_kafka.BootstrapServers);
    }

    public ModelServer Model => _model;

    public static async Task<ScriptedWriter> StartAsync(App app)
    {
        var name = $"scripted_{Guid.NewGuid():n}";
        await app.Rows.QueryAsync($"CREATE DATABASE {name}", _ => 0);
        var database = new NpgsqlConnectionStringBuilder(app.Host.StudyDb) { Database = name }.ConnectionString;
        var writer = new ScriptedWriter(database, await ModelServer.StartAsync(ModelServer.Says("{}")));
        writer._host = await ExtraHost.StartAsync(name.Replace('_', '-'), ServiceNames.Summarizer, writer._kafka.BootstrapServers, database, app.Host.RedisServers, new Dictionary<string, string>
        {
            ["OpenAI__Endpoint"] = $"{writer._model.Endpoint}",
            ["OpenAI__ApiKey"] = "a-key-of-nobody",
            ["OpenAI__Model"] = name, // limits and quiet times belong to a model, and are nobody else's
            ["OpenAI__TimeoutSeconds"] = "5",
            ["OpenAI__PostponeSeconds"] = "1",
            ["OpenAI__BreakSeconds"] = "1",
            ["Schedule__Enabled"] = "false",
            ["Members__ProfilesPerMinute"] = "0",
        });
        return writer;
    }

    /// <summary>One new learner for each list of notes; then a run for all of them, waited for to its end.</summary>
    public async Task<List<WrittenJob>> RunAsync(params string[][] learners)
    {
        var runId = await TriggerAsync(learners);
        return await EndedAsync(runId, learners.Length);
    }

    /// <summary>The same, not waited for.</summary>
    public async Task<string> TriggerAsync(params string[][] learners)
    {
        foreach (var notes in learners)
        {
            var user = $"U{Interlocked.Increment(ref _users):0000}";
            await _rows.QueryAsync("INSERT INTO study.members (team_id, user_id, time_zone, locale) VALUES ($1, $2, 'UTC', 'en-US')", _ => 0, Team, user);
            for (var number = 0; number < notes.Length; number++)
                await _rows.QueryAsync(Insert, _ => 0, Team, $"C{user}", $"{user}{number}", user, notes[number], notes.Length - number);
        }

        var run = new TriggerRecord($"scripted-{Guid.NewGuid():n}", SummaryKind.Daily, DateTimeOffset.UtcNow, "api");
        await _producer.SendAsync(Topics.SchedulerTriggers, run.RunId, JsonSerializer.SerializeToUtf8Bytes(run, ContractsJson.Default.TriggerRecord));
        return run.RunId;
    }

    public Task<List<WrittenJob>> EndedAsync(string runId, int jobs) => Eventually.GetsAsync(
        () => JobsAsync(runId), all => all.Count == jobs && all.TrueForAll(job => job.State is "Done" or "Parked"));

    public Task<List<WrittenJob>> JobsAsync(string runId) => _rows.QueryAsync(
        """
        SELECT j.user_id, j.state, j.error, s.model, s.content::text, coalesce(s.left_out, 0), coalesce(s.cached, false)
        FROM study.jobs j LEFT JOIN study.summaries s ON s.summary_id = j.job_id WHERE j.run_id = $1 ORDER BY j.user_id
        """,
        row => new WrittenJob(row.GetString(0), row.GetString(1), Text(row, 2), Text(row, 3), Text(row, 4), row.GetInt32(5), row.GetBoolean(6)),
        runId);

    /// <summary>What <c>/health</c> says of the model's server.</summary>
    public async Task<JsonElement> HealthAsync()
    {
        var body = await _http.GetStringAsync(new Uri(_host!.ManagementUrl, "/health"), TestContext.Current.CancellationToken);
        using var json = JsonDocument.Parse(body);
        return json.RootElement.GetProperty("checks").GetProperty("model").Clone();
    }

    public async Task<List<string>> LogAsync(string words) =>
        [.. (await _host!.LogAsync()).Split('\n').Where(line => line.Contains(words, StringComparison.Ordinal))];

    public async ValueTask DisposeAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
        await _model.DisposeAsync();
        _http.Dispose();
        _producer.Dispose();
        _kafka.Dispose();
        await _rows.DisposeAsync();
    }

    private const string Insert = """
        INSERT INTO study.messages (team_id, channel, ts, user_id, text, version, posted_at, event_id, received_at)
        VALUES ($1, $2, $3, $4, $5, 0, now() - make_interval(secs => $6), $3, now())
        """;

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
