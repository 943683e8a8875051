using System.Text.Json;
using StudyTracker.AppHost.Operations;

namespace StudyTracker.UnitTests.AppHost;

public sealed class GivenUpTests
{
    private const string Summary = "0199aaaa-0000-7000-8000-000000000001";

    [Theory]
    [InlineData(false, false, null, null, null, "")]
    [InlineData(false, true, null, null, null, "all=true")]
    [InlineData(false, false, Summary, null, null, $"summaryId={Summary}")]
    [InlineData(false, false, null, "no & such", null, "reason=no%20%26%20such")]
    [InlineData(true, true, null, null, null, "all=true")]
    [InlineData(true, false, "3@17", null, null, "id=3%4017")]
    [InlineData(true, false, null, "why", "feedback", "reason=why&topic=feedback")]
    public void What_is_named_is_asked_for(bool letters, bool all, string? id, string? reason, string? topic, string query)
    {
        var what = new GivenUp(letters, all, id, reason, topic);

        what.Problem().ShouldBeNull();
        what.Query().ShouldBe(query);
        what.IsNothing.ShouldBe(query.Length == 0);
    }

    [Theory]
    [InlineData(false, true, Summary, null, null)]
    [InlineData(true, true, null, null, "feedback")]
    [InlineData(false, false, null, null, "feedback")]
    [InlineData(false, false, Summary, "why", null)]
    [InlineData(false, false, "3@17", null, null)]
    [InlineData(true, false, Summary, null, null)]
    [InlineData(true, false, "3@", null, null)]
    public void What_cannot_be_meant_is_refused(bool letters, bool all, string? id, string? reason, string? topic) =>
        new GivenUp(letters, all, id, reason, topic).Problem().ShouldNotBeNullOrEmpty();

    [Fact]
    public void Three_hundred_of_the_same_are_a_few_lines()
    {
        var list = JsonSerializer.SerializeToElement(new
        {
            count = 301,
            groups = new[]
            {
                new { topic = "summary-jobs", stage = "writer", reason = "PoisonException: The record is not a job.", count = 300, oldestSeconds = 10_800.0 },
                new { topic = "feedback", stage = "delivery", reason = "another", count = 1, oldestSeconds = 5.0 },
            },
            items = Enumerable.Range(0, 200).Select(offset => new
            {
                id = $"3@{offset}",
                topic = "summary-jobs",
                stage = "writer",
                reason = "PoisonException: The record is not a job.",
            }),
        });

        GivenUpText.DeadLetters(list).ShouldBe(
        [
            "301 records are dead letters:",
            "  300 from summary-jobs, given up by writer for 'PoisonException: The record is not a job.', the oldest for 3 h",
            "      3@0",
            "      3@1",
            "      3@2",
            "      and 297 more",
            "  1 from feedback, given up by delivery for 'another', for 5 s",
        ]);
    }

    [Fact]
    public void Parked_summaries_are_shown_by_reason()
    {
        var list = JsonSerializer.SerializeToElement(new
        {
            count = 1,
            reasons = new[] { new { reason = "user_not_found", count = 1, oldestSeconds = 600.0 } },
            items = new[] { new { summaryId = Summary, teamId = "T1", userId = "U1", reason = "user_not_found" } },
        });

        GivenUpText.Parked(list).ShouldBe(["1 summary is parked:", "  1 for 'user_not_found', for 10 min", $"      {Summary}  for T1:U1"]);
    }

    [Fact]
    public void When_nothing_was_given_up_nothing_is_suggested()
    {
        var none = JsonSerializer.SerializeToElement(new { count = 0 });

        GivenUpText.Parked(none).ShouldBe(["No summary is parked."]);
        GivenUpText.DeadLetters(none).ShouldBe(["There is no dead letter."]);
        GivenUpText.Hints(parked: false, deadLetters: false).ShouldBeEmpty();
    }
}
