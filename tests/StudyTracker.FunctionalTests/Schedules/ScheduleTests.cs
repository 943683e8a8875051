using System.Text.Json;
using StudyTracker.Contracts;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Schedules;

public sealed class ScheduleTests(App app)
{
    private static readonly string[] _zones = ["Asia/Seoul", "America/New_York", "Asia/Kathmandu", "Not/AZone"];

    [Fact]
    public async Task Two_schedulers_catch_an_outage_up_once_and_every_member_has_an_hour_of_their_own()
    {
        const int members = 18;
        await using var planning = await Planning.StartAsync(app, "one", "other");
        await planning.AddMembersAsync(members, _zones);
        await planning.Rows.QueryAsync("UPDATE study.members SET daily_time = '06:45' WHERE user_id = 'U0001'", _ => 0);
        await planning.Rows.QueryAsync("UPDATE study.members SET paused = true WHERE user_id = 'U0002'", _ => 0);
        await planning.Rows.QueryAsync("UPDATE study.members SET stopped = '{Weekly}' WHERE user_id = 'U0003'", _ => 0);
        await planning.Rows.QueryAsync("UPDATE study.members SET paused_until = now() + interval '40 days' WHERE user_id = 'U0005'", _ => 0);
        await planning.Rows.QueryAsync("UPDATE study.members SET schedule = NULL", _ => 0);

        await planning.EnrolledAsync(members);
        await LocalTimesAsync(planning);
        var due = await planning.DueAsync();
        due.Where(row => row.Held).Select(row => (row.UserId, row.Kind)).ShouldBe(
            [("U0002", "Daily"), ("U0002", "Monthly"), ("U0002", "Weekly"), ("U0003", "Weekly")]);
        due.ShouldAllBe(row => row.NextDue == null == row.Held);
        due.Where(row => row.UserId == "U0005").ShouldAllBe(row => row.NextDue > DateTime.UtcNow.AddDays(39));

        await planning.Rows.QueryAsync("UPDATE study.members SET paused_until = NULL, schedule = NULL WHERE user_id = 'U0005'", _ => 0);
        await planning.EnrolledAsync(members);
        var missed = await planning.MissDueTimesAsync(daysAgo: 3);

        var jobs = await planning.DoneAsync(members - 1, each: 1);
        jobs.ShouldAllBe(job => job.DueAt == missed && job.WindowEnd <= DateTime.UtcNow && job.WindowEnd > DateTime.UtcNow.AddHours(-25));
        // One run, in which each has their own window; caught up, nobody is due before tomorrow.
        jobs.Select(job => job.RunId).Distinct().ShouldHaveSingleItem().ShouldStartWith("daily-");
        jobs.Select(job => job.WindowEnd).Distinct().Count().ShouldBeGreaterThanOrEqualTo(3);
        await Eventually.HoldsAsync(async () =>
            (await planning.DueAsync()).Where(row => row.Kind == "Daily" && !row.Held).ShouldAllBe(row => row.NextDue > DateTime.UtcNow && row.LastDue != null));
        await LocalTimesAsync(planning);
        var feedback = planning.Log.Of(Topics.Feedback)
            .Select(record => JsonSerializer.Deserialize(record.Value, ContractsJson.Default.FeedbackRecord)!).ToList();
        feedback.Select(record => record.UserId).Order().ShouldBe(jobs.Select(job => job.UserId));
        feedback.ShouldAllBe(record => record.DueAt == missed);
    }

    [Fact]
    public async Task Whoever_is_killed_between_due_time_and_jobs_nobody_is_left_out_and_nobody_is_asked_twice()
    {
        const int members = 11; // of which four make a page
        await using var planning = await Planning.StartAsync(app, "killed");
        var host = planning.Hosts[0];
        await planning.AddMembersAsync(members, _zones);
        await planning.EnrolledAsync(members);
        var round = 0;
        foreach (var moment in new[] { "tick-after-publish", "planner-page-2" })
        {
            if (round > 0) await planning.WriteAsync();
            var kill = host.KillAt(moment);
            // The members' windows begin again two days ago, minus the rounds so far.
            await planning.Rows.QueryAsync(
                "UPDATE study.coverage SET window_end = now() - interval '2 days' + make_interval(hours => $1) WHERE kind = 'Daily' AND window_end IS NOT NULL",
                _ => 0,
                round);
            await planning.Rows.QueryAsync("UPDATE study.messages SET posted_at = now() - interval '1 day 12 hours'", _ => 0);
            await planning.MissDueTimesAsync(daysAgo: 2 + round);
            await kill.HappenedAsync();
            round++;
            await planning.DoneAsync(members, each: round);
        }

        // The same for a trigger of an operator, whose run has a checkpoint instead of due times.
        foreach (var moment in new[] { "planner-page-2" })
        {
            await planning.WriteAsync();
            var kill = host.KillAt(moment);
            await planning.TriggerAsync($"by-hand-{moment}");
            await kill.HappenedAsync();
            round++;
            await planning.DoneAsync(members, each: round);
        }

        var runs = await planning.Rows.QueryAsync(
            "SELECT members, jobs, pages, planned_at IS NOT NULL FROM study.runs",
            row => (row.GetInt32(0), row.GetInt32(1), row.GetInt32(2), row.GetBoolean(3)));
        runs.Count.ShouldBe(round);
        runs.ShouldAllBe(run => run.Equals(new ValueTuple<int, int, int, bool>(members, members, 3, true)));
        var covered = await planning.Rows.QueryAsync(
            "SELECT sum(message_count)::int FROM study.summaries GROUP BY user_id", row => row.GetInt32(0));
        covered.ShouldAllBe(count => count == 1 + round);
    }

    [Fact]
    public async Task Two_schedulers_whose_clocks_differ_by_a_second_ask_for_what_is_due_once()
    {
        const int members = 9; // of which four make a page
        await using var planning = await Planning.StartAsync(app, "behind", Planning.Ahead);
        await planning.AddMembersAsync(members, "Asia/Seoul");
        await planning.EnrolledAsync(members);
        var each = 0;
        foreach (var kind in new[] { "Daily", "Weekly" })
        {
            // It comes while both look, and for one of them a second sooner.
            await planning.Rows.QueryAsync(
                "UPDATE study.coverage SET next_due = date_trunc('second', now()) + interval '3 seconds', last_due = NULL WHERE kind = $1", _ => 0, kind);
            await planning.DoneAsync(members, ++each);
            await Eventually.HoldsAsync(async () =>
                (await planning.DueAsync()).Where(row => row.Kind == kind).ShouldAllBe(row => row.NextDue > DateTime.UtcNow.AddHours(1)));
        }

        var jobs = await planning.DoneAsync(members, each);
        jobs.Select(job => job.RunId).Distinct().Count().ShouldBe(each);
        jobs.ShouldAllBe(job => job.WindowEnd == job.DueAt);
        var feedback = planning.Log.Of(Topics.Feedback)
            .Select(record => JsonSerializer.Deserialize(record.Value, ContractsJson.Default.FeedbackRecord)!.SummaryId).ToList();
        feedback.Distinct().Count().ShouldBe(members * each);
    }

    [Fact]
    public async Task Time_zone_and_language_of_a_member_come_from_slack()
    {
        await using var planning = await Planning.StartAsync(app, Planning.Asking);
        // Two whom the Sandbox knows, and one who is not known to anybody.
        await planning.Rows.QueryAsync(
            "INSERT INTO study.members (team_id, user_id) VALUES ('T0BERLIN001', 'U0BERLINANN'), ('T0SEOUL0001', 'U0SEOULJIWO'), ('T0SEOUL0001', 'nobody')",
            _ => 0);

        await Eventually.HoldsAsync(async () => (await planning.Rows.QueryAsync(
            """
            SELECT m.user_id, m.time_zone, m.locale, to_char(c.next_due AT TIME ZONE coalesce(m.time_zone, 'Asia/Seoul'), 'HH24:MI')
            FROM study.members m JOIN study.coverage c USING (team_id, user_id)
            WHERE c.kind = 'Daily' AND m.schedule IS NOT NULL AND m.profile_due > now()
            """,
            row => string.Join(' ', Enumerable.Range(0, 4).Select(column => row.IsDBNull(column) ? "-" : row.GetString(column)))))
            .ShouldBe(["U0BERLINANN Europe/Berlin en-GB 22:00", "U0SEOULJIWO Asia/Seoul ko-KR 22:00", "nobody - - 22:00"], ignoreOrder: true));
    }

    /// <summary>What Postgres, which knows the zones by itself, thinks of the due times.</summary>
    private static async Task LocalTimesAsync(Planning planning)
    {
        var times = await planning.Rows.QueryAsync(
            """
            SELECT user_id, kind, to_char(next_due AT TIME ZONE CASE time_zone WHEN 'Not/AZone' THEN 'Asia/Seoul' ELSE time_zone END, 'HH24:MI FMDay'),
                next_due AT TIME ZONE CASE time_zone WHEN 'Not/AZone' THEN 'Asia/Seoul' ELSE time_zone END
            FROM study.coverage JOIN study.members USING (team_id, user_id) WHERE next_due IS NOT NULL
            """,
            row => (User: row.GetString(0), Kind: row.GetString(1), Time: row.GetString(2), Date: row.GetDateTime(3)));
        times.Count.ShouldBeGreaterThan(30);
        foreach (var time in times)
        {
            var expected = time.Kind switch
            {
                "Daily" => time.User == "U0001" ? "06:45" : "22:00",
                "Weekly" => "22:10 Sunday",
                _ => "22:20",
            };
            time.Time.ShouldStartWith(expected, customMessage: $"{time}");
            if (time.Kind == "Monthly") time.Date.AddDays(1).Day.ShouldBe(1, $"{time}");
        }
    }
}
