using System.Globalization;
using System.Text;
using System.Text.Json;
using StudyTracker.Contracts;
using StudyTracker.FunctionalTests.Schedules;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Members;

/// <summary>Where members live, and on which of their days they wrote, whatever Slack says later.</summary>
public sealed class DayTests(App app)
{
    private const string Team = "T0DAYS";

    [Fact]
    public async Task What_is_known_of_a_member_is_the_best_that_slack_ever_told()
    {
        await using var slack = await ScriptedSlack.StartAsync();
        Dictionary<string, string> first = new()
        {
            ["UOLD"] = """{"tz":"Asia/Calcutta","tz_offset":19800,"locale":"en-IN"}""",
            ["UKYIV"] = """{"tz":"Europe/Kiev","tz_offset":7200}""",
            ["UPACIFIC"] = """{"tz":"US/Pacific","tz_offset":-28800}""",
            ["UOSLO"] = """{"tz":"Europe/Oslo","tz_offset":3600}""",
            ["UOFFSET"] = """{"tz":null,"tz_offset":19800}""",
            ["UNAMED"] = """{"tz":"Moon/Tranquility","tz_offset":-12600}""",
            ["UNONSENSE"] = """{"tz":"GMT+9","tz_offset":999999}""",
            ["UMOVED"] = """{"tz":null,"tz_offset":32400}""",
            ["ULATER"] = """{"tz":null,"tz_offset":-18000}""",
            ["UGONE"] = """{"tz":"Asia/Seoul","tz_offset":32400,"locale":"ko-KR"}""",
            ["USTRANGER"] = """{"tz":"Europe/Berlin","tz_offset":3600,"locale":"de-DE"}""",
        };
        // Poorer, or of another place.
        Dictionary<string, string> second = new()
        {
            ["UOLD"] = """{"tz":null,"tz_offset":0,"locale":null}""",
            ["UKYIV"] = """{"tz":"","tz_offset":null}""",
            ["UPACIFIC"] = """{"tz":"Nowhere/AtAll","tz_offset":32400}""",
            ["UOSLO"] = """{"tz":"Europe/Oslo","tz_offset":3600}""",
            ["UOFFSET"] = """{"tz":null}""",
            ["UNAMED"] = """{"tz":null,"tz_offset":"-12600"}""",
            ["UNONSENSE"] = """{"tz":null,"tz_offset":540}""",
            ["UMOVED"] = """{"tz":null,"tz_offset":-18000}""",
            ["ULATER"] = """{"tz":"America/Bogota","tz_offset":-18000}""",
            ["UGONE"] = """{"deleted":true}""",
            ["USTRANGER"] = """{"is_stranger":true,"is_bot":false}""",
        };
        var answers = first;
        slack.Answer = call => answers.TryGetValue(call.Arguments["user"], out var user)
            ? new($$"""{"ok":true,"user":{{user}}}""")
            : new("""{"ok":false,"error":"user_not_found"}""");
        await using var planning = await Planning.StartAsync(app, slack, Planning.Asking);
        foreach (var user in first.Keys)
            await planning.Rows.QueryAsync("INSERT INTO study.members (team_id, user_id) VALUES ($1, $2) RETURNING 1", _ => 0, Team, user);

        await KnownAsync(
            "UGONE Asia/Seoul - ko-KR 22:00", "UKYIV Europe/Kyiv - - 22:00", "ULATER - -18000 - 22:00", "UMOVED - 32400 - 22:00", "UNAMED - -12600 - 22:00",
            "UNONSENSE - - - 22:00", "UOFFSET - 19800 - 22:00", "UOLD Asia/Kolkata - en-IN 22:00", "UOSLO Europe/Oslo - - 22:00",
            "UPACIFIC America/Los_Angeles - - 22:00", "USTRANGER Europe/Berlin - de-DE 22:00");

        answers = second;
        await planning.Rows.QueryAsync("UPDATE study.members SET profile_due = NULL", _ => 0);
        await Eventually.HoldsAsync(async () => (await planning.Rows.QueryAsync(
            "SELECT count(*) FROM study.members WHERE profile_due IS NULL OR profile_due < now() + interval '1 hour'", row => row.GetInt64(0))).ShouldBe([0]));
        await KnownAsync(
            "UGONE Asia/Seoul - ko-KR 22:00", "UKYIV Europe/Kyiv - - 22:00", "ULATER America/Bogota - - 22:00", "UMOVED - -18000 - 22:00", "UNAMED - -12600 - 22:00",
            "UNONSENSE - - - 22:00", "UOFFSET - 19800 - 22:00", "UOLD Asia/Kolkata - en-IN 22:00", "UOSLO Europe/Oslo - - 22:00",
            "UPACIFIC America/Los_Angeles - - 22:00", "USTRANGER Europe/Berlin - de-DE 22:00");

        // What is known, and the hour at which PostgreSQL, which has its own zones, thinks that the daily summary is due.
        Task KnownAsync(params string[] members) => Eventually.HoldsAsync(async () => (await planning.Rows.QueryAsync(
            """
            SELECT concat_ws(' ', m.user_id, coalesce(m.time_zone, '-'), coalesce(m.offset_seconds::text, '-'), coalesce(m.locale, '-'), to_char(
                CASE WHEN m.offset_seconds IS NULL THEN c.next_due AT TIME ZONE coalesce(m.time_zone, 'Asia/Seoul')
                ELSE c.next_due AT TIME ZONE 'UTC' + make_interval(secs => m.offset_seconds) END, 'HH24:MI'))
            FROM study.members m JOIN study.coverage c USING (team_id, user_id)
            WHERE c.kind = 'Daily' AND m.schedule IS NOT NULL ORDER BY m.user_id
            """,
            row => row.GetString(0))).ShouldBe(members));
    }

    [Fact]
    public async Task A_day_stays_what_it_was_when_its_writer_moves_deletes_or_becomes_known()
    {
        await using var slack = await ScriptedSlack.StartAsync();
        var zones = new Dictionary<string, string> { ["UMOVES"] = "Asia/Seoul", ["UNIGHT"] = "Asia/Seoul" };
        slack.Answer = call => call.Method == "users.info" && zones.TryGetValue(call.Arguments["user"], out var zone)
            ? new($$$"""{"ok":true,"user":{"tz":"{{{zone}}}"}}""")
            : new("""{"ok":false,"error":"internal_error"}""");
        await using var planning = await Planning.StartAsync(app, slack, Planning.Asking);
        var day = DateOnly.FromDateTime(DateTime.UtcNow).AddDays(-10);
        foreach (var user in (string[])["UMOVES", "UNIGHT", "UNKNOWN"])
            await planning.Rows.QueryAsync("INSERT INTO study.members (team_id, user_id) VALUES ($1, $2) RETURNING 1", _ => 0, Team, user);
        await KnowAsync("UMOVES", "Asia/Seoul");
        await KnowAsync("UNIGHT", "Asia/Seoul");
        await CommandAsync("UNIGHT", "day 04:00");

        // 08:00 in Seoul, which is the evening before in Los Angeles; and 00:40 in Seoul.
        foreach (var step in (int[])[0, 1]) await WriteAsync("UMOVES", day.AddDays(step), "08:00");
        foreach (var step in (int[])[1, 2]) await WriteAsync("UNIGHT", day.AddDays(step), "00:40");
        await WriteAsync("UNIGHT", day.AddDays(3), "03:59");
        foreach (var step in (int[])[0, 1]) await WriteAsync("UNKNOWN", day.AddDays(step), "08:00");
        await WriteAsync("UNKNOWN", day.AddDays(3), "08:00");
        (await SummarisedAsync("one", "UMOVES", "UNIGHT", "UNKNOWN")).ShouldBe([(day.AddDays(1), 2), (day.AddDays(2), 3), (day.AddDays(3), 1)]);

        // One moves; of another the zone becomes known, and the days were others there.
        (zones["UMOVES"], zones["UNKNOWN"]) = ("America/Los_Angeles", "America/Los_Angeles");
        await KnowAsync("UMOVES", "America/Los_Angeles");
        await KnowAsync("UNKNOWN", "America/Los_Angeles");
        (await DaysAsync("UMOVES")).ShouldBe([(day, 1, false), (day.AddDays(1), 2, false)]);
        (await DaysAsync("UNKNOWN")).ShouldBe([(day.AddDays(-1), 1, false), (day, 2, false), (day.AddDays(2), 1, false)]);

        // An old note is deleted, as retention may do too; the streak goes on from where it was.
        await planning.Rows.QueryAsync("DELETE FROM study.messages WHERE user_id = 'UMOVES' AND posted_at < $1", _ => 0, Utc(day, "10:00"));
        await WriteAsync("UMOVES", day.AddDays(3), "08:00"); // the day after, in Los Angeles
        await WriteAsync("UNKNOWN", day.AddDays(2), "08:00"); // a note that comes late fills the gap
        await WriteAsync("UNKNOWN", day.AddDays(4), "08:00");
        await CommandAsync("UNIGHT", "day 00:00");
        await WriteAsync("UNIGHT", day.AddDays(4), "00:40"); // whose day begins at midnight from now on
        (await SummarisedAsync("two", "UMOVES", "UNIGHT", "UNKNOWN")).ShouldBe([(day.AddDays(2), 3), (day.AddDays(4), 1), (day.AddDays(3), 5)]);

        async Task KnowAsync(string user, string zone)
        {
            await planning.Rows.QueryAsync("UPDATE study.members SET profile_due = NULL WHERE user_id = $1", _ => 0, user);
            await Eventually.HoldsAsync(async () => (await planning.Rows.QueryAsync(
                "SELECT time_zone FROM study.members WHERE user_id = $1 AND time_zone IS NOT NULL", row => row.GetString(0), user)).ShouldBe([zone]));
        }

        async Task CommandAsync(string user, string text)
        {
            await planning.SendAsync(Topics.SlackInteractions, $"{Team}:{user}", Encoding.UTF8.GetBytes($"text={Uri.EscapeDataString(text)}"), new Dictionary<string, string>
            {
                [RecordHeaders.Kind] = RecordKinds.SlackCommand,
                [RecordHeaders.ReceivedAt] = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
            });
            await Eventually.HoldsAsync(async () => (await planning.Rows.QueryAsync(
                "SELECT to_char(day_start, 'HH24:MI') FROM study.members WHERE user_id = $1 AND day_start IS NOT NULL", row => row.GetString(0), user))
                .ShouldBe([text["day ".Length..]]));
        }

        Task WriteAsync(string user, DateOnly date, string time) => planning.Rows.QueryAsync(
            """
            INSERT INTO study.messages (team_id, channel, ts, user_id, text, version, posted_at, event_id, received_at)
            VALUES ($1, 'C' || $2, gen_random_uuid()::text, $2, 'I learned about calendars, says ' || $2, 0, $3, 'Ev', now())
            """,
            _ => 0,
            Team,
            user,
            Utc(date, time));

        async Task<List<(DateOnly, int)>> SummarisedAsync(string run, params string[] users)
        {
            await planning.TriggerAsync(run);
            var found = new List<FeedbackRecord>();
            await Eventually.HoldsAsync(() =>
            {
                found = [.. planning.Log.Of(Topics.Feedback).Select(record => JsonSerializer.Deserialize(record.Value, ContractsJson.Default.FeedbackRecord)!)
                    .Where(record => record.RunId == run).OrderBy(record => Array.IndexOf(users, record.UserId))];
                found.Count.ShouldBe(users.Length);
            });
            return [.. found.Select(record => (record.LocalDate, record.StreakDays))];
        }

        Task<List<(DateOnly, int, bool)>> DaysAsync(string user) => planning.Rows.QueryAsync(
            "SELECT day, streak, assumed FROM study.days WHERE user_id = $1 ORDER BY day",
            row => (row.GetFieldValue<DateOnly>(0), row.GetInt32(1), row.GetBoolean(2)),
            user);
    }

    [Fact]
    public async Task The_first_status_of_somebody_new_has_their_zone_and_their_language()
    {
        await using var slack = await ScriptedSlack.StartAsync();
        slack.Answer = call => (call.Method, call.Arguments.GetValueOrDefault("user")) switch
        {
            ("users.info", "UBERLIN") => new("""{"ok":true,"user":{"tz":"Europe/Berlin","tz_offset":3600,"locale":"en-GB"}}"""),
            ("users.info", "USEOUL") => new("""{"ok":true,"user":{"tz":"Asia/Seoul","tz_offset":32400,"locale":"ko-KR"}}"""),
            _ => new("""{"ok":false,"error":"user_not_found"}"""),
        };
        await using var planning = await Planning.StartAsync(app, slack, Planning.Asking);

        (await AnswerAsync("UBERLIN", "status")).ShouldSatisfyAllConditions(
            text => text.ShouldContain("daily: 22:00, next on 20"), text => text.ShouldContain("Time zone: Europe/Berlin"), text => text.ShouldNotContain("Seoul"));
        (await AnswerAsync("USEOUL", "status")).ShouldContain("시간대: Asia/Seoul");
        (await AnswerAsync("UNOBODY", "상태")).ShouldSatisfyAllConditions(
            text => text.ShouldContain("시간대: 아직 알 수 없습니다"), text => text.ShouldNotContain("Seoul"), text => text.ShouldContain("<!date^"));
        (await AnswerAsync("USEOUL", "pause")).ShouldContain("/study 재개");
        (await AnswerAsync("USEOUL", "start weekly")).ShouldContain("/study 재개");
        (await AnswerAsync("UBERLIN", "erase")).ShouldContain("ask them");
        (await AnswerAsync("UBERLIN", "psuse 7 days")).ShouldContain("Did you mean `/study pause`");
        (await AnswerAsync("UBERLIN", "day 04:00")).ShouldContain("Your day begins at 04:00.");

        async Task<string> AnswerAsync(string user, string text)
        {
            var before = slack.CallsOf("answer").Count;
            await planning.SendAsync(
                Topics.SlackInteractions,
                $"{Team}:{user}",
                Encoding.UTF8.GetBytes($"text={Uri.EscapeDataString(text)}&response_url={Uri.EscapeDataString($"{slack.ApiUrl}answer")}"),
                new Dictionary<string, string>
                {
                    [RecordHeaders.Kind] = RecordKinds.SlackCommand,
                    [RecordHeaders.ReceivedAt] = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
                });
            await Eventually.HoldsAsync(() => slack.CallsOf("answer").Count.ShouldBe(before + 1));
            return JsonDocument.Parse(slack.CallsOf("answer")[before].Body).RootElement.GetProperty("text").GetString()!;
        }
    }

    // Clock of Seoul, which has no summer time.
    private static DateTime Utc(DateOnly date, string time) =>
        DateTime.SpecifyKind(date.ToDateTime(TimeOnly.Parse(time, CultureInfo.InvariantCulture)).AddHours(-9), DateTimeKind.Utc);
}
