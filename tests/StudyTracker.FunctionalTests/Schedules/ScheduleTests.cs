using System.Text.Json;
using Npgsql;
using StudyTracker.AppHost.Local;
using StudyTracker.AppHost.Local.Infrastructure;
using StudyTracker.Contracts;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Schedules;

public sealed class ScheduleTests(App app)
{
    private const string EveryTwoSeconds = "0/2 * * * * ?";

    [Fact]
    public async Task Two_schedulers_ask_for_one_run_at_each_due_time()
    {
        // A broker and a database of its own, so that these runs are nobody else's.
        using var kafka = LocalKafka.Start();
        using var log = new TopicLog(kafka.BootstrapServers, kafka.PartitionCount);
        var database = await CreateDatabaseAsync();
        await using var rows = new Rows(database);
        await using var one = await StartAsync("one", kafka.BootstrapServers, database);
        await using var other = await StartAsync("other", kafka.BootstrapServers, database);

        await Eventually.HoldsAsync(() => Triggers(log).Count.ShouldBeGreaterThanOrEqualTo(4));

        var triggers = Triggers(log);
        triggers.ShouldAllBe(trigger => trigger.RequestedBy == "schedule" && trigger.Kind == SummaryKind.Daily);
        triggers.Select(trigger => trigger.RequestedAt).ShouldBeUnique();
        triggers.ShouldAllBe(trigger => trigger.RequestedAt.Second % 2 == 0);
        // A run is named by the minute it was due in, so that whatever fires twice for it is one run.
        var runs = triggers.Select(trigger => trigger.RunId).Distinct().Order().ToList();
        await Eventually.HoldsAsync(async () =>
            (await rows.QueryAsync("SELECT run_id FROM study.runs WHERE requested_by = 'schedule'", row => row.GetString(0))).Order().Take(runs.Count).ShouldBe(runs));
    }

    private static List<TriggerRecord> Triggers(TopicLog log) =>
        [.. log.Of(Topics.SchedulerTriggers).Select(record => JsonSerializer.Deserialize(record.Value, ContractsJson.Default.TriggerRecord)!)];

    private async Task<string> CreateDatabaseAsync()
    {
        var name = $"schedule_{Guid.NewGuid():n}";
        await app.Rows.QueryAsync($"CREATE DATABASE {name}", _ => 0);
        return new NpgsqlConnectionStringBuilder(app.Host.StudyDb) { Database = name }.ConnectionString;
    }

    private Task<ExtraHost> StartAsync(string name, string kafka, string database) => ExtraHost.StartAsync(
        name,
        ServiceNames.Summarizer,
        kafka,
        database,
        app.Host.RedisServers,
        new Dictionary<string, string>
        {
            ["OpenAI__Endpoint"] = $"{app.Host.Services[ServiceNames.Sandbox].Url}v1",
            ["OpenAI__ApiKey"] = "sandbox",
            ["Schedule__Daily"] = EveryTwoSeconds,
            ["Schedule__Weekly"] = "",
            ["Schedule__Monthly"] = "",
        });
}
