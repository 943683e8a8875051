using Npgsql;
using StudyTracker.AppHost.Local;
using StudyTracker.Contracts;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Faults;

/// <summary>PostgreSQL answers, but intake cannot store: it waits, and loses neither its place in the group nor a message.</summary>
[Collection(nameof(OneFaultAtATime))]
public sealed class DatabaseTroubleTests(App app)
{
    private const int MaxInFlight = 50;

    // What another session does, and what ends it. A disk cannot be filled without root, so a trigger says what PostgreSQL
    // says then; to intake the two are one.
    private static readonly Dictionary<string, (string Begin, string End)> _troubles = new()
    {
        ["messages locked"] = ("BEGIN; LOCK TABLE study.messages IN ACCESS EXCLUSIVE MODE", "ROLLBACK"),
        ["members locked"] = ("BEGIN; LOCK TABLE study.members IN ACCESS EXCLUSIVE MODE", "ROLLBACK"),
        ["slow"] = (Trigger("PERFORM pg_sleep(3)"), "DROP FUNCTION study.trouble CASCADE"),
        ["disk full"] = (Trigger("RAISE 'could not extend file' USING ERRCODE = 'disk_full'"), "DROP FUNCTION study.trouble CASCADE"),
    };

    public static TheoryData<string> Troubles => [.. _troubles.Keys];

    [Theory]
    [MemberData(nameof(Troubles))]
    public async Task While_nothing_can_be_stored_intake_pauses_and_when_it_can_everything_is_there_once(string trouble)
    {
        var team = Learner.NewTeam();
        var events = Enumerable.Range(0, 2 * MaxInFlight).Select(_ => Learner.NewEventId()).ToList();
        await app.Groups.CaughtUpAsync();
        var before = app.Groups.Committed(ConsumerGroups.Intake);
        var restarts = app.Host.Services[ServiceNames.Summarizer].Restarts;
        var partitions = await IntakeAsync("studytracker_consumer_partitions");
        var retries = await IntakeAsync("studytracker_consumer_retries_total");
        await using var connection = new NpgsqlConnection($"{app.Host.StudyDb};Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await ExecuteAsync(connection, _troubles[trouble].Begin);
        try
        {
            await Task.WhenAll(events.Select(id => app.Slack.AcceptedAsync(Learner.New(team).Written(App.Marker, eventId: id))));
            await Eventually.HoldsAsync(async () => (await IntakeAsync("studytracker_consumer_paused")).ShouldBe(1));
            await Eventually.HoldsAsync(async () => (await IntakeAsync("studytracker_consumer_retries_total")).ShouldBeGreaterThan(retries));

            (await IntakeAsync("studytracker_consumer_in_flight")).ShouldBe(MaxInFlight);
            (await IntakeAsync("studytracker_consumer_partitions")).ShouldBe(partitions);
            app.Groups.Committed(ConsumerGroups.Intake).ShouldBe(before);
        }
        finally
        {
            await ExecuteAsync(connection, _troubles[trouble].End);
        }

        await app.Groups.CaughtUpAsync();
        (await app.Rows.EventIdsAsync(team)).Order().ShouldBe(events.Order());
        app.Host.Services[ServiceNames.Summarizer].Restarts.ShouldBe(restarts);
        (await IntakeAsync("studytracker_consumer_partitions")).ShouldBe(partitions);
    }

    private static string Trigger(string action) => $"""
        CREATE FUNCTION study.trouble() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {action}; RETURN NULL; END $$;
        CREATE TRIGGER trouble BEFORE INSERT ON study.messages FOR EACH STATEMENT EXECUTE FUNCTION study.trouble()
        """;

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private Task<double> IntakeAsync(string metric) =>
        Metrics.SumAsync(app.Host.Services[ServiceNames.Summarizer].ManagementUrl, metric + "{", ConsumerGroups.Intake);
}
