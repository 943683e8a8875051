using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Intake;

public sealed class ChangeTests(App app)
{
    [Fact]
    public async Task Edits_and_a_deletion_end_as_slack_shows_them_in_whatever_order_they_come()
    {
        var cases = Orders(["written", "edited", "edited again", "deleted"])
            .Concat(Orders(["written", "edited", "edited again"]))
            .Select(order => (Order: order, Learner: Learner.New()))
            .ToList();

        await Parallel.ForEachAsync(cases, TestContext.Current.CancellationToken, async (one, _) =>
        {
            var (ts, firstEdit, secondEdit, deletion) = (Learner.NewTs(), After(1), After(2), After(3));
            foreach (var step in one.Order)
            {
                var body = step switch
                {
                    "written" => one.Learner.Written($"{App.Marker} written", ts),
                    "edited" => one.Learner.Edited($"{App.Marker} edited", ts, firstEdit),
                    "edited again" => one.Learner.Edited($"{App.Marker} edited again", ts, secondEdit),
                    _ => one.Learner.Deleted(ts, deletion),
                };
                await app.Slack.AcceptedAsync(body);
                await app.Slack.AcceptedAsync(body, retry: 1);
            }
        });
        await app.Groups.CaughtUpAsync();

        foreach (var (order, learner) in cases)
        {
            var row = (await app.Rows.MessagesAsync(learner)).ShouldHaveSingleItem();
            row.Text.ShouldBe($"{App.Marker} edited again", string.Join(", ", order));
            (row.DeletedTs is not null).ShouldBe(order.Contains("deleted"), string.Join(", ", order));
        }
    }

    [Fact]
    public async Task A_deletion_without_its_message_leaves_nothing_to_summarise()
    {
        var learner = Learner.New();

        await app.Slack.AcceptedAsync(learner.Deleted(Learner.NewTs(), After(1)));
        await app.Groups.CaughtUpAsync();

        var row = (await app.Rows.MessagesAsync(learner)).ShouldHaveSingleItem();
        row.Text.ShouldBeEmpty();
        row.DeletedTs.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("a\\u0000b", "a\uFFFDb")]
    [InlineData("a\\ud83db", "a\uFFFDb")]
    [InlineData("a\\udc36b", "a\uFFFDb")]
    [InlineData("\\ud83d\\udc36", "\U0001F436")]
    [InlineData("e\\u0301 \\u200f 1\\/2", "e\u0301 \u200f 1/2")]
    public async Task Odd_characters_cost_no_message(string escaped, string stored)
    {
        var learner = Learner.New();

        await app.Slack.AcceptedAsync(learner.Written("TEXT").Replace("TEXT", escaped, StringComparison.Ordinal));
        await app.Groups.CaughtUpAsync();

        (await app.Rows.MessagesAsync(learner)).ShouldHaveSingleItem().Text.ShouldBe(stored);
    }

    private static string After(int seconds) => Learner.Ts(DateTimeOffset.UtcNow.AddSeconds(seconds));

    private static IEnumerable<string[]> Orders(string[] steps) => steps.Length == 0
        ? [[]]
        : steps.SelectMany(first => Orders([.. steps.Where(step => step != first)]).Select(rest => (string[])[first, .. rest]));
}
