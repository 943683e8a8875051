using System.Diagnostics;
using StudyTracker.FunctionalTests.Schedules;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Members;

public sealed class ProfileTests(App app)
{
    // Waits double from a second, and are at least half of that: after t seconds a member was asked for at most log2(2t + 1) + 1 times.
    private static double MostQuestions(int members, TimeSpan elapsed) => members * (Math.Log2((2 * elapsed.TotalSeconds) + 1) + 1);

    [Fact]
    public async Task Whatever_is_wrong_with_slack_members_keep_the_default_and_have_their_own_zone_soon_after()
    {
        const int members = 2;
        await using var planning = await Planning.StartAsync(app, Planning.Asking);
        // Retry-After of this Slack is a second, and a question is given up after a second.
        (object Fault, Func<TimeSpan, double> Most)[] troubles =
        [
            (new { slack = new { rateLimited = 1 } }, elapsed => elapsed.TotalSeconds + 1),
            (new { slack = new { rateLimited = 0, serverError = 1 } }, elapsed => MostQuestions(members, elapsed)),
            (new { hangMs = 600_000, slack = new { rateLimited = 0, serverError = 0, hang = 1 } }, elapsed => elapsed.TotalSeconds + 1),
        ];
        foreach (var (fault, most) in troubles)
        {
            var before = await planning.Slack.CallsAsync("users.info");
            await using (await planning.Slack.SetAsync(fault))
            {
                var started = Stopwatch.GetTimestamp();
                await AddAsync(planning, members);
                await Eventually.HoldsAsync(async () =>
                {
                    var calls = await planning.Slack.CallsAsync("users.info");
                    (calls.RateLimited + calls.Failed - before.RateLimited - before.Failed).ShouldBeGreaterThanOrEqualTo(members + 1);
                });
                var asked = (await planning.Slack.CallsAsync("users.info")).Calls - before.Calls;
                // The first question at once, the others as told or with ever longer waits.
                ((double)asked).ShouldBeLessThanOrEqualTo(1 + most(Stopwatch.GetElapsedTime(started)), $"{fault}");
                await Eventually.HoldsAsync(async () => (await ProfilesAsync(planning)).ShouldBe(Enumerable.Repeat("- - 22:00", members)));
            }

            await Eventually.HoldsAsync(async () =>
                (await ProfilesAsync(planning)).ShouldBe(Enumerable.Repeat("Europe/Berlin en-GB 22:00", members)));
            await planning.Rows.QueryAsync("DELETE FROM study.coverage", _ => 0);
            await planning.Rows.QueryAsync("DELETE FROM study.members", _ => 0);
        }
    }

    // Of a workspace that the Sandbox knows.
    private static Task<List<int>> AddAsync(Planning planning, int members) => planning.Rows.QueryAsync(
        "INSERT INTO study.members (team_id, user_id) SELECT 'T0BERLIN001', 'U0BERLIN' || lpad(n::text, 3, '0') FROM generate_series(1, $1) AS n",
        _ => 0,
        members);

    /// <summary>Everybody's time zone, locale, and hour of the daily summary in it.</summary>
    private static Task<List<string>> ProfilesAsync(Planning planning) => planning.Rows.QueryAsync(
        """
        SELECT coalesce(m.time_zone, '-'), coalesce(m.locale, '-'), to_char(c.next_due AT TIME ZONE coalesce(m.time_zone, 'Asia/Seoul'), 'HH24:MI')
        FROM study.members m JOIN study.coverage c USING (team_id, user_id)
        WHERE c.kind = 'Daily' AND m.schedule IS NOT NULL
        """,
        row => $"{row.GetString(0)} {row.GetString(1)} {row.GetString(2)}");
}
