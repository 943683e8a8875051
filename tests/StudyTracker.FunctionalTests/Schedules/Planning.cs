using System.Text.Json;
using Npgsql;
using StudyTracker.AppHost.Local;
using StudyTracker.AppHost.Local.Infrastructure;
using StudyTracker.Contracts;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Schedules;

internal sealed record JobRow(string RunId, string UserId, string State, DateTime WindowStart, DateTime WindowEnd, DateTime DueAt);

internal sealed record DueRow(string UserId, string Kind, DateTime? NextDue, DateTime? LastDue, bool Held);

/// <summary>Summarizers with a broker and a database of their own, so that their runs are nobody else's.</summary>
internal sealed class Planning : IAsyncDisposable
{
    public const string Team = "T0PLANNING1";

    /// <summary>
    /// Name of a host that has a Notifier ask Slack who its members are: a Slack of its own, because other tests have the application's fail.
    /// </summary>
    public const string Asking = "asking";

    /// <summary>Name of a host whose clock is a second ahead of everybody's.</summary>
    public const string Ahead = "ahead";

    /// <summary>Name of a host that deletes what is older than 40 days, a few rows at a time.</summary>
    public const string Forgetful = "forgetful";

    /// <summary>Rows that <see cref="Forgetful"/> deletes at a time.</summary>
    public const int ForgottenTogether = 25;

    private static int _started;

    private readonly App _app;
    private readonly LocalKafka _kafka;
    private readonly RawProducer _producer;
    private readonly string _database;
    private readonly List<ExtraHost> _hosts = [];
    private readonly int _number = Interlocked.Increment(ref _started);
    private ExtraHost? _slackHost;
    private SandboxSide? _slack;
    private ScriptedSlack? _scripted;
    private ExtraHost? _notifier;

    private Planning(App app, string database)
    {
        _app = app;
        _database = database;
        _kafka = LocalKafka.Start();
        _producer = new RawProducer(_kafka.BootstrapServers);
        Log = new TopicLog(_kafka.BootstrapServers, _kafka.PartitionCount);
        Rows = new Rows(database);
    }

    public TopicLog Log { get; }

    public Rows Rows { get; }

    public IReadOnlyList<ExtraHost> Hosts => _hosts;

    /// <summary>The Notifier that <see cref="Asking"/> asks.</summary>
    public ExtraHost Notifier => _notifier!;

    /// <summary>The Slack of <see cref="Asking"/>.</summary>
    public SandboxSide Slack => _slack!;

    public static Task<Planning> StartAsync(App app, params string[] hosts) => StartAsync(app, null, hosts);

    /// <summary>With a Slack that says word for word what it is told to.</summary>
    public static async Task<Planning> StartAsync(App app, ScriptedSlack? slack, params string[] hosts)
    {
        var name = $"planning_{Guid.NewGuid():n}";
        await app.Rows.QueryAsync($"CREATE DATABASE {name}", _ => 0);
        var planning = new Planning(app, new NpgsqlConnectionStringBuilder(app.Host.StudyDb) { Database = name }.ConnectionString);
        planning._scripted = slack;
        if (hosts.Contains(Asking)) await planning.StartSlackAsync();
        foreach (var host in hosts) planning._hosts.Add(await planning.StartAsync(host));
        return planning;
    }

    /// <summary>Learners who wrote two messages two days ago, in turn in these time zones.</summary>
    public Task AddMembersAsync(int count, params string[] zones) => Rows.QueryAsync(
        """
        WITH added AS (
            INSERT INTO study.members (team_id, user_id, time_zone)
            SELECT $1, 'U' || lpad(n::text, 4, '0'), ($3::text[])[1 + n % cardinality($3::text[])] FROM generate_series(1, $2) AS n
            RETURNING user_id)
        INSERT INTO study.messages (team_id, channel, ts, user_id, text, version, posted_at, event_id, received_at)
        SELECT $1, 'C' || user_id, user_id || n, user_id, 'I learned about schedules and ' || user_id, 0, now() - interval '2 days', user_id || n, now()
        FROM added CROSS JOIN generate_series(1, 2) AS n
        """,
        _ => 0,
        Team,
        count,
        zones);

    /// <summary>One more message of everybody, posted now.</summary>
    public Task WriteAsync() => Rows.QueryAsync(
        """
        INSERT INTO study.messages (team_id, channel, ts, user_id, text, version, posted_at, event_id, received_at)
        SELECT team_id, 'C' || user_id, gen_random_uuid()::text, user_id, 'I learned more, and ' || user_id, 0, now(), 'Ev', now() FROM study.members
        """,
        _ => 0);

    /// <summary>Nobody has looked what is due for some days: everybody's daily summary was due then.</summary>
    public async Task<DateTime> MissDueTimesAsync(int daysAgo)
    {
        var due = (await Rows.QueryAsync("SELECT date_trunc('minute', now()) - make_interval(days => $1)", row => row.GetDateTime(0), daysAgo))[0];
        await Rows.QueryAsync("UPDATE study.coverage SET next_due = $1, last_due = NULL WHERE kind = 'Daily' AND NOT held", _ => 0, due);
        return due;
    }

    /// <summary>Waits until everybody's due times are computed.</summary>
    public Task EnrolledAsync(int members) => Eventually.HoldsAsync(async () => (await Rows.QueryAsync(
        "SELECT count(*) FROM study.members WHERE schedule IS NOT NULL", row => row.GetInt64(0))).ShouldBe([members]));

    public Task TriggerAsync(string runId) => _producer.SendAsync(
        Topics.SchedulerTriggers,
        runId,
        JsonSerializer.SerializeToUtf8Bytes(
            new TriggerRecord(runId, SummaryKind.Daily, DateTimeOffset.UtcNow, "api"), ContractsJson.Default.TriggerRecord));

    public Task SendAsync(string topic, string key, byte[] value, IReadOnlyDictionary<string, string> headers) =>
        _producer.SendAsync(topic, key, value, headers);

    public Task<List<DueRow>> DueAsync() => Rows.QueryAsync(
        "SELECT user_id, kind, next_due, last_due, held FROM study.coverage ORDER BY user_id, kind",
        row => new DueRow(row.GetString(0), row.GetString(1), Time(row, 2), Time(row, 3), row.GetBoolean(4)));

    public Task<List<JobRow>> JobsAsync() => Rows.QueryAsync(
        "SELECT run_id, user_id, state, window_start, window_end, due_at FROM study.jobs ORDER BY user_id, window_end",
        row => new JobRow(row.GetString(0), row.GetString(1), row.GetString(2), row.GetDateTime(3), row.GetDateTime(4), row.GetDateTime(5)));

    /// <summary>Waits until every member has that many summaries, handed over to delivery.</summary>
    public async Task<List<JobRow>> DoneAsync(int members, int each)
    {
        var jobs = new List<JobRow>();
        await Eventually.HoldsAsync(async () =>
        {
            jobs = await JobsAsync();
            jobs.Count(job => job.State == "Done").ShouldBe(members * each, string.Join(", ", jobs.CountBy(job => job.State)));
            jobs.Count.ShouldBe(members * each);
        });
        return jobs;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts) await host.DisposeAsync();
        if (_notifier is not null) await _notifier.DisposeAsync();
        _slack?.Dispose();
        if (_slackHost is not null) await _slackHost.DisposeAsync();
        Log.Dispose();
        _producer.Dispose();
        _kafka.Dispose();
        await Rows.DisposeAsync();
    }

    private async Task StartSlackAsync()
    {
        if (_scripted is null)
        {
            _slackHost = await ExtraHost.StartAsync($"slack-{_number}", ServiceNames.Sandbox, _kafka.BootstrapServers, _database, _app.Host.RedisServers, []);
            _slack = new SandboxSide(_slackHost.Url);
        }

        _notifier = await ExtraHost.StartAsync(
            $"notifier-{_number}",
            ServiceNames.Notifier,
            _kafka.BootstrapServers,
            _database,
            _app.Host.RedisServers,
            new Dictionary<string, string>
            {
                ["Slack__ApiUrl"] = $"{_scripted?.ApiUrl ?? new Uri(_slackHost!.Url, "/api/")}",
                ["Slack__TimeoutSeconds"] = "1",
                ["Slack__BotTokenTemplate"] = "xoxb-sandbox-{team}",
                ["Notifier__CallsPerMinute"] = "6000", // tests that run beside this one ask for members of the same workspaces
            });
    }

    private Task<ExtraHost> StartAsync(string name) => ExtraHost.StartAsync(
        $"{name}-{_number}",
        ServiceNames.Summarizer,
        _kafka.BootstrapServers,
        _database,
        _app.Host.RedisServers,
        new Dictionary<string, string>
        {
            ["OpenAI__Endpoint"] = $"{_app.Host.Services[ServiceNames.Sandbox].Url}v1",
            ["OpenAI__ApiKey"] = "sandbox",
            ["OpenAI__TimeoutSeconds"] = "2",
            ["OpenAI__PostponeSeconds"] = "1",
            ["Schedule__TickSeconds"] = "1",
            ["Schedule__AskAgainSeconds"] = "2",
            ["Schedule__PageSize"] = "4",
            ["Slack__ResponseUrl"] = $"{_scripted?.ApiUrl ?? new Uri("https://hooks.slack.com/")}",
            ["Runs__NotifierUrl"] = $"{_notifier?.ManagementUrl}",
            ["Operations__ApiKey"] = _notifier?.OperatorKey ?? _app.Host.OperatorKey,
            ["Members__ProfileTimeoutSeconds"] = "3",
            ["Members__ProfilesPerMinute"] = name == Asking ? "1000" : "0",
            ["Members__ProfilePollSeconds"] = "1",
            ["Clock__AheadMs"] = name == Ahead ? "1000" : "0",
            ["Retention__MessageDays"] = name == Forgetful ? "40" : "0",
            ["Retention__BatchRows"] = $"{ForgottenTogether}",
            ["Retention__PauseMs"] = "100",
            ["Retention__IntervalSeconds"] = "1",
        });

    private static DateTime? Time(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDateTime(column);
}
