using System.Text;
using Npgsql;
using StudyTracker.Contracts;
using StudyTracker.FunctionalTests.Schedules;
using StudyTracker.FunctionalTests.Support;
using StudyTracker.Retention;
using StudyTracker.Summarizer.Retention;

namespace StudyTracker.FunctionalTests.Retention;

public sealed class RetentionTests(App app) : IAsyncDisposable
{
    // Long before anything that another test writes.
    private static readonly DateTimeOffset _before = new(2003, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create($"{app.Host.StudyDb};Pooling=false");

    private OldRows Old => new(_database, "study", RetentionOptions.Tables);

    [Fact]
    public async Task What_is_too_old_goes_a_few_rows_at_a_time_and_the_rest_stays()
    {
        var learner = Learner.New();
        for (var index = 0; index < 7; index++)
            await app.Slack.AcceptedAsync(learner.Written(App.Marker, Learner.Ts(_before.AddSeconds(-1 - index))));
        await app.Slack.AcceptedAsync(learner.Written($"{App.Marker} young", Learner.Ts(_before.AddSeconds(1))));
        await app.Groups.CaughtUpAsync();
        var deleted = new List<int>();

        var did = await Old.DeleteAsync(
            _before, 3, TimeSpan.Zero, (table, rows) => deleted.Add(table == "messages" ? rows : 0), TestContext.Current.CancellationToken);

        did.ShouldBeTrue();
        deleted.Where(rows => rows > 0).ShouldBe([3, 3, 1]);
        (await app.Rows.MessagesAsync(learner)).ShouldHaveSingleItem().Text.ShouldEndWith("young");
    }

    [Fact]
    public async Task Every_kind_of_row_that_ages_is_deleted_by_its_own_age()
    {
        var run = Operator.NewRun();
        await ExecuteAsync($"INSERT INTO study.runs (run_id, kind, requested_at, requested_by, members, jobs) VALUES ('{run}', 'Daily', '2002-01-01', 'api', 1, 2)");
        foreach (var finished in new[] { "'2002-01-01'", "NULL" })
        {
            await ExecuteAsync($"""
                INSERT INTO study.jobs (job_id, run_id, team_id, user_id, kind, window_start, window_end, after_seq, to_seq, state, finished_at)
                VALUES (gen_random_uuid(), '{run}', 'T0OLD', gen_random_uuid()::text, 'Daily', '2001-01-01', '2002-01-01', 0, 1, 'Done', {finished})
                """);
        }

        // A streak goes on although its first day is forgotten; where somebody was is, when no message of that time is left.
        await ExecuteAsync("INSERT INTO study.days (team_id, user_id, day, streak, assumed) VALUES ('T0OLD', 'U0OLD', '2002-12-31', 40, false), ('T0OLD', 'U0OLD', '2003-01-01', 41, false)");
        await ExecuteAsync("INSERT INTO study.past_clocks (team_id, user_id, until_seq, time_zone, day_start) VALUES ('T0OLD', 'U0OLD', 1, 'Asia/Seoul', '00:00')");

        await DeleteAsync();
        (await app.Rows.QueryAsync("SELECT streak FROM study.days WHERE team_id = 'T0OLD'", row => row.GetInt32(0))).ShouldBe([41]);
        (await app.Rows.QueryAsync("SELECT 1 FROM study.past_clocks WHERE team_id = 'T0OLD'", _ => 1)).ShouldBeEmpty();
        (await CountAsync("jobs", run), await CountAsync("runs", run)).ShouldBe((1, 1)); // one job is not finished, so its run stays

        await ExecuteAsync($"UPDATE study.jobs SET finished_at = '2002-01-01' WHERE run_id = '{run}'");
        await DeleteAsync();
        (await CountAsync("jobs", run), await CountAsync("runs", run)).ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_row_that_somebody_has_locked_is_passed_over_and_only_one_replica_deletes()
    {
        var learner = Learner.New();
        var ts = Learner.Ts(_before.AddSeconds(-1));
        await app.Slack.AcceptedAsync(learner.Written(App.Marker, ts));
        await app.Slack.AcceptedAsync(learner.Written(App.Marker, Learner.Ts(_before.AddSeconds(-2))));
        await app.Groups.CaughtUpAsync();
        await using var other = await _database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await ExecuteAsync($"BEGIN; SELECT 1 FROM study.messages WHERE team_id = '{learner.TeamId}' AND ts = '{ts}' FOR UPDATE", other);

        await DeleteAsync();
        (await app.Rows.MessagesAsync(learner)).ShouldHaveSingleItem().Ts.ShouldBe(ts);
        await ExecuteAsync("ROLLBACK; SELECT pg_advisory_lock(hashtextextended('study.retention', 0))", other);
        (await DeleteAsync()).ShouldBeFalse();
        (await app.Rows.MessagesAsync(learner)).ShouldHaveSingleItem();

        await other.CloseAsync();
        await Eventually.HoldsAsync(async () => (await DeleteAsync()).ShouldBeTrue());
        (await app.Rows.MessagesAsync(learner)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_service_deletes_in_the_background_a_few_rows_at_a_time_while_intake_goes_on()
    {
        const int old = 1_000;
        await using var planning = await Planning.StartAsync(app, Planning.Forgetful);
        // The server itself writes down how many rows each statement deletes.
        await planning.Rows.QueryAsync("CREATE TABLE public.deleted (rows bigint)", _ => 0);
        await planning.Rows.QueryAsync(
            "CREATE FUNCTION public.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.deleted SELECT count(*) FROM gone; RETURN NULL; END $$",
            _ => 0);
        await planning.Rows.QueryAsync(
            "CREATE TRIGGER note AFTER DELETE ON study.messages REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.note()", _ => 0);
        await planning.Rows.QueryAsync(
            """
            INSERT INTO study.messages (team_id, channel, ts, user_id, text, version, posted_at, event_id, received_at)
            SELECT 'T0OLD', 'C0OLD', n::text, 'U0OLD', 'old', 0, now() - interval '41 days', 'Ev' || n, now() FROM generate_series(1, $1) AS n
            """,
            _ => 0,
            old);

        var learner = Learner.New();
        var (young, left) = (0L, new List<long> { old });
        while (left[^1] > 0)
        {
            await planning.SendAsync(
                Topics.SlackEvents, learner.Key, Encoding.UTF8.GetBytes(learner.Written($"{App.Marker} {young}")),
                new Dictionary<string, string> { [RecordHeaders.Kind] = RecordKinds.SlackEvent, [RecordHeaders.ReceivedAt] = $"{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()}" });
            young++;
            await Eventually.HoldsAsync(async () => (await CountAsync("user_id <> 'U0OLD'")).ShouldBe(young));
            left.Add(await CountAsync("user_id = 'U0OLD'"));
        }

        // Messages were stored while it was at it, it took its rows in small portions, and the young ones are all there.
        left.ShouldContain(rows => rows > 0 && rows < old);
        var portions = await planning.Rows.QueryAsync("SELECT rows FROM public.deleted WHERE rows > 0", row => row.GetInt64(0));
        portions.ShouldAllBe(rows => rows <= Planning.ForgottenTogether);
        portions.Sum().ShouldBe(old);
        (await CountAsync("user_id <> 'U0OLD'")).ShouldBe(young);

        async Task<long> CountAsync(string which) =>
            (await planning.Rows.QueryAsync($"SELECT count(*) FROM study.messages WHERE {which}", row => row.GetInt64(0))).Single();
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private Task<bool> DeleteAsync() =>
        Old.DeleteAsync(_before, 100, TimeSpan.Zero, (_, _) => { }, TestContext.Current.CancellationToken);

    private async Task<long> CountAsync(string table, string run) =>
        (await app.Rows.QueryAsync($"SELECT count(*) FROM study.{table} WHERE run_id = $1", row => row.GetInt64(0), run)).Single();

    private async Task ExecuteAsync(string sql, NpgsqlConnection? connection = null)
    {
        await using var command = connection is null ? _database.CreateCommand(sql) : new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
