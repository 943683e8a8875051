using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Intake;

public sealed class LateTests(App app)
{
    [Theory]
    [InlineData("Asia/Seoul", "2026-03-01T14:59:59Z", "2026-03-01")]
    [InlineData("Asia/Seoul", "2026-03-01T15:00:00Z", "2026-03-02")]
    [InlineData("America/New_York", "2026-03-08T06:59:59Z", "2026-03-08")] // the night in which summer time begins
    public async Task A_message_that_comes_late_stays_on_the_local_day_on_which_it_was_written(string zone, string written, string day)
    {
        var learner = Learner.New();

        await app.Slack.AcceptedAsync(learner.Written(App.Marker, Learner.Ts(DateTimeOffset.Parse(written, null))));
        await app.Groups.CaughtUpAsync();

        (await app.Rows.QueryAsync(
            "SELECT (posted_at AT TIME ZONE $3)::date::text FROM study.messages WHERE team_id = $1 AND user_id = $2",
            row => row.GetString(0),
            learner.TeamId,
            learner.UserId,
            zone)).ShouldBe([day]);
    }
}
