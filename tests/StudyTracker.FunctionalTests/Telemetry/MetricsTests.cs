using System.Text.RegularExpressions;
using StudyTracker.AppHost.Local;
using StudyTracker.FunctionalTests.Schedules;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Telemetry;

/// <summary>What a service that has just been started shows to whoever collects its metrics.</summary>
public sealed partial class MetricsTests(App app)
{
    [Theory]
    [InlineData(ServiceNames.Ingress, "StudyTracker.Ingress")]
    [InlineData(ServiceNames.Summarizer, "StudyTracker.Summarizer")]
    [InlineData(ServiceNames.Notifier, "StudyTracker.Notifier")]
    [InlineData(ServiceNames.Sandbox, "StudyTracker.Sandbox")]
    public async Task A_service_says_its_name_and_version_and_no_label_holds_a_connection_string_or_an_odd_word(string service, string name)
    {
        var text = await PageAsync(app.Host.Services[service].ManagementUrl);

        text.ShouldContain($"service_name=\"{name}\"");
        text.ShouldMatch("service_version=\"[0-9]");
        text.ShouldNotContain("unknown_service");
        foreach (var secret in (string[])["Host=", "Username=", "Password=", "Search Path"]) text.ShouldNotContain(secret, Case.Insensitive);
        // The words of our own labels are written alike everywhere.
        foreach (var label in Label().Matches(text).Where(label => label.Groups["name"].Value is "kind" or "outcome" or "state" or "stage" or "scope"))
            label.Groups["value"].Value.ShouldMatch("^[a-z_-]*$", label.Value);
        if (!OperatingSystem.IsLinux()) return;
        foreach (var metric in (string[])["studytracker_machine_ephemeral_ports_used", "studytracker_machine_ephemeral_ports", "studytracker_machine_time_wait"])
            text.ShouldMatch($"(?m)^{metric}(_[a-z]+)?({{[^}}]*}})? [0-9]");
    }

    [Fact]
    public async Task Counters_are_there_from_the_start_at_zero()
    {
        await using var slack = await ScriptedSlack.StartAsync();
        await using var planning = await Planning.StartAsync(app, slack, Planning.Asking);
        await using var ingress = await ExtraHost.StartAsync(
            "metrics-ingress", ServiceNames.Ingress, app.Host.KafkaServers, "", "", new() { ["Slack__SigningSecret"] = new string('s', 32) });

        await ShowsAsync(
            planning.Hosts[0],
            "studytracker_intake_messages_total outcome=\"stored\"",
            "studytracker_planner_jobs_total kind=\"daily\"",
            "studytracker_writer_jobs_total outcome=\"parked\",kind=\"monthly\"",
            "studytracker_revisions_ended_total outcome=\"retracted\",kind=\"weekly\"",
            "studytracker_revisions_created_total ",
            "studytracker_preferences_wishes_total wish=\"pause\"",
            "studytracker_preferences_replies_total outcome=\"failed\"",
            "studytracker_members_profiles_total outcome=\"rate_limited\"",
            "studytracker_model_calls_total outcome=\"rate_limited\"",
            "studytracker_model_tokens_total kind=\"weekly\",direction=\"output\"",
            "studytracker_cache_lookups_total outcome=\"miss\"",
            "studytracker_consumer_dead_letters_total stage=\"writer\"",
            "studytracker_consumer_records_lost_total stage=\"intake\"",
            "studytracker_publisher_records_total topic=\"feedback\"",
            "studytracker_retention_rows_total table=\"messages\"",
            "studytracker_jobs_waiting stage=\"planner\",state=\"due\"",
            "studytracker_jobs_waiting stage=\"writer\",state=\"pending\"",
            "studytracker_jobs_waiting stage=\"revisions\",state=\"written\"");
        await ShowsAsync(
            planning.Notifier,
            "studytracker_delivery_calls_total method=\"chat.postMessage\",outcome=\"rate_limited\"",
            "studytracker_delivery_profiles_total outcome=\"refused\"",
            "studytracker_delivery_pauses_total scope=\"workspace\"",
            "studytracker_consumer_retries_total stage=\"delivery\"");
        await ShowsAsync(
            ingress,
            "studytracker_ingress_requests_total kind=\"slack-command\",outcome=\"accepted\"",
            "studytracker_publisher_records_total topic=\"slack-events\"");
    }

    [Fact]
    public async Task Jobs_that_wait_are_counted_by_stage_and_state()
    {
        var learner = Learner.New();
        await app.Rows.QueryAsync("INSERT INTO study.runs (run_id, kind, requested_at, requested_by, members, jobs, pages) VALUES ($1, 'Daily', now(), 'api', 1, 1, 1)", _ => 0, learner.Key);
        await app.Rows.QueryAsync(
            """
            INSERT INTO study.jobs (job_id, run_id, team_id, user_id, kind, window_start, window_end, after_seq, to_seq, state)
            VALUES (gen_random_uuid(), $1, $2, $3, 'Daily', now(), now(), 0, 0, 'Pending')
            """,
            _ => 0,
            learner.Key,
            learner.TeamId,
            learner.UserId);
        await Eventually.HoldsAsync(async () => (await Metrics.SumOfAsync(
            app.Host.Services[ServiceNames.Summarizer].ManagementUrl, "studytracker_jobs_waiting", "state=\"pending\"")).ShouldBeGreaterThanOrEqualTo(1));
        await app.Rows.QueryAsync("DELETE FROM study.jobs WHERE run_id = $1", _ => 0, learner.Key);
        await app.Rows.QueryAsync("DELETE FROM study.runs WHERE run_id = $1", _ => 0, learner.Key);
    }

    /// <summary>Checks that there is a series of each metric with these labels, at 0.</summary>
    private static async Task ShowsAsync(ExtraHost host, params string[] series)
    {
        var lines = (await PageAsync(host.ManagementUrl)).Split('\n');
        foreach (var one in series)
        {
            var (name, labels) = (one[..one.IndexOf(' ', StringComparison.Ordinal)], one[(one.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
            var wanted = labels.Split(',', StringSplitOptions.RemoveEmptyEntries);
            lines.ShouldContain(
                line => line.StartsWith(name, StringComparison.Ordinal) && wanted.All(label => line.Contains(label, StringComparison.Ordinal)) && Zero().IsMatch(line), one);
        }
    }

    private static async Task<string> PageAsync(Uri service)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        return await http.GetStringAsync(new Uri(service, "/metrics"), TestContext.Current.CancellationToken);
    }

    [GeneratedRegex(@"[ }]0( \d+)?$")]
    private static partial Regex Zero();

    [GeneratedRegex("(?<name>[a-z_]+)=\"(?<value>[^\"]*)\"")]
    private static partial Regex Label();
}
