using System.Globalization;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.FieldReports;

/// <summary>What Slack says about people.</summary>
[Collection(nameof(World))]
public sealed class PeopleTests(World world)
{
    /// <summary>Yesterday at 16:00 UTC: today in Seoul already, and yesterday wherever these people live.</summary>
    private static readonly DateTimeOffset _written = new(DateTime.UtcNow.Date.AddHours(-8), TimeSpan.Zero);

    [Theory]
    [InlineData("""{"tz":"Asia/Calcutta","tz_offset":19800}""")]
    [InlineData("""{"tz":"Asia/Saigon","tz_offset":25200}""")]
    [InlineData("""{"tz":"America/Buenos_Aires","tz_offset":-10800}""")]
    [InlineData("""{"tz":"Europe/Kiev","tz_offset":7200}""")]
    [InlineData("""{"tz":"US/Pacific","tz_offset":-28800}""")]
    [InlineData("""{"tz":"Asia/Katmandu"}""")]
    [InlineData("""{"tz":null,"tz_offset":19800}""")]
    [InlineData("""{"tz_offset":-12600}""")]
    [InlineData("""{"tz":"Mars/Olympus_Mons","tz_offset":0}""")]
    public async Task A_day_is_that_of_the_person(string profile)
    {
        var learner = await world.LearnerAsync(profile.Replace("{", """{"id":"U","locale":"en-US",""", StringComparison.Ordinal));
        await world.AcceptedAsync(learner.Written("I learned about time zones.", Learner.Ts(_written)));
        await world.ProfiledAsync(learner);

        await world.RunAsync();

        world.Slack.MessagesTo(learner.UserId).ShouldHaveSingleItem()["text"]
            .ShouldContain(_written.ToString("dddd, MMMM d", CultureInfo.InvariantCulture));
        world.Slack.Calls("users.info", learner.UserId).ShouldAllBe(call => call.Token == $"xoxb-{learner.TeamId}");
    }

    [Fact]
    public async Task A_zone_that_was_known_is_not_lost_by_a_poorer_answer_and_a_streak_not_by_a_move()
    {
        var learner = await world.LearnerAsync("""{"id":"U","tz":"Asia/Seoul","tz_offset":32400,"locale":"ko-KR"}""");
        await world.AcceptedAsync(learner.Written("어제 배운 것", Learner.Ts(_written.AddDays(-1))), learner.Written("오늘 배운 것", Learner.Ts(_written.AddHours(-3))));
        await world.ProfiledAsync(learner);
        var zone = await ZoneAsync(learner);

        world.Slack.Profiles[learner.UserId] = """{"id":"U","tz":null,"tz_offset":null}""";
        await world.Rows.QueryAsync("UPDATE study.members SET profile_due = NULL WHERE user_id = $1", _ => 0, learner.UserId);
        await world.ProfiledAsync(learner);

        (await ZoneAsync(learner)).ShouldBe(zone);
        zone.ShouldBe(["Asia/Seoul ko-KR"]);

        // Written on the 2nd at 01:00 and 22:00 of days in a row in Seoul; in Los Angeles it would be the same day.
        world.Slack.Profiles[learner.UserId] = """{"id":"U","tz":"America/Los_Angeles","tz_offset":-28800,"locale":"ko-KR"}""";
        await world.Rows.QueryAsync("UPDATE study.members SET profile_due = NULL WHERE user_id = $1", _ => 0, learner.UserId);
        await world.ProfiledAsync(learner);
        await world.RunAsync();

        world.Slack.MessagesTo(learner.UserId).ShouldHaveSingleItem()["blocks"].ShouldNotContain("🔥 3");
    }

    private Task<List<string>> ZoneAsync(Learner learner) => world.Rows.QueryAsync(
        "SELECT concat_ws(' ', time_zone, locale) FROM study.members WHERE (team_id, user_id) = ($1, $2)", row => row.GetString(0), learner.TeamId, learner.UserId);
}
