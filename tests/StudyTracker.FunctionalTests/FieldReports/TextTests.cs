using System.Text;
using System.Text.Json;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.FieldReports;

/// <summary>What people write, as Slack sends it.</summary>
[Collection(nameof(World))]
public sealed class TextTests(World world)
{
    [Fact]
    public async Task Code_entities_mentions_and_links_reach_the_model_readable_and_the_reader_as_they_were_written()
    {
        var learner = await world.LearnerAsync();
        await world.AcceptedAsync(learner.Written("Vec&lt;u8&gt; &amp;&amp; a &amp;lt; b <@U2> <https://x.example/a|doc>"));

        await world.RunAsync();

        var told = world.Model.Questions("Vec<u8>").ShouldHaveSingleItem().Texts.ShouldHaveSingleItem();
        told.ShouldStartWith("Vec<u8> && a &lt; b ");
        told.ShouldNotContain("U2");
        told.ShouldContain("doc");
        told.ShouldContain("x.example");
        var message = world.Slack.MessagesTo(learner.UserId).ShouldHaveSingleItem();
        Texts(message["blocks"]).ShouldContain(text => text.Contains("Vec&lt;u8&gt; &amp;&amp; a &amp;lt; b", StringComparison.Ordinal));
        message["text"].ShouldContain("Vec&lt;u8&gt; &amp;&amp; a &amp;lt; b");
    }

    [Fact]
    public async Task A_day_of_nothing_to_say_is_no_job_and_no_message()
    {
        var learner = await world.LearnerAsync();
        await world.AcceptedAsync([.. new[] { "\n", "\u200b", "\u3164", "\u00a0", ":+1:", "<@U2>", " \u2060 ", "\u115f\u1160", "👍🏽 🎉", "<!here>", "\u2800" }
            .Select(text => learner.Written(text))]);

        await world.RunAsync();

        (await world.Rows.QueryAsync(
            "SELECT count(*) FROM study.jobs WHERE (team_id, user_id) = ($1, $2)", row => row.GetInt64(0), learner.TeamId, learner.UserId)).ShouldBe([0]);
        world.Slack.MessagesTo(learner.UserId).ShouldBeEmpty();
    }

    public static TheoryData<string> LongTexts { get; } = [Repeat("&amp;", 9_000), Repeat("𝒳", 25_000), Repeat("가", 40_000), Repeat("e\u0301", 30_000), Repeat("👩‍👩‍👧‍👦", 6_000)];

    [Theory]
    [MemberData(nameof(LongTexts))]
    public async Task A_text_that_is_too_long_is_stored_in_part_and_summarised(string text)
    {
        var (learner, before) = (await world.LearnerAsync(), await world.DeadLettersAsync());
        await world.AcceptedAsync(learner.Written("Study: " + text));

        await world.RunAsync();

        world.Slack.MessagesTo(learner.UserId).ShouldHaveSingleItem();
        (await world.Rows.MessagesAsync(learner)).ShouldHaveSingleItem().Text.Length.ShouldBeLessThanOrEqualTo(40_001);
        (await world.DeadLettersAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_forwarded_message_and_a_snippet_count_and_an_unfurl_helps_without_a_revision()
    {
        var learner = await world.LearnerAsync();
        var (ts, link) = (Learner.NewTs(), Learner.NewTs());
        await world.AcceptedAsync(
            Event(learner, $$"""{"type":"message","user":"{{learner.UserId}}","text":"","ts":"{{ts}}","channel":"{{learner.ChannelId}}","channel_type":"channel","event_ts":"{{ts}}","attachments":[{"is_share":true,"is_msg_unfurl":true,"text":"A monad is a monoid &amp; more","author_id":"U777","from_url":"https://x.slack.com/archives/C1/p1","fallback":"[..]"}]}"""),
            Event(learner, $$"""{"type":"message","subtype":"file_share","user":"{{learner.UserId}}","text":"","ts":"{{Learner.NewTs()}}","channel":"{{learner.ChannelId}}","files":[{"id":"F1","mode":"snippet","filetype":"python","title":"sort.py","preview":"def quicksort(xs):\n  return xs","lines":2}]}"""),
            learner.Written("<https://rust.example/ownership>", link));
        var unfurled = Event(learner, $$$"""{"type":"message","subtype":"message_changed","hidden":true,"channel":"{{{learner.ChannelId}}}","ts":"{{{Learner.NewTs()}}}","message":{"type":"message","user":"{{{learner.UserId}}}","text":"<https://rust.example/ownership>","ts":"{{{link}}}","attachments":[{"title":"Ownership in Rust","text":"Each value has an owner","from_url":"https://rust.example/ownership","id":1}]},"previous_message":{"type":"message","user":"{{{learner.UserId}}}","text":"<https://rust.example/ownership>","ts":"{{{link}}}"}}""");
        await world.AcceptedAsync(unfurled);

        await world.RunAsync();

        var question = world.Model.Questions("monoid & more").ShouldHaveSingleItem();
        question.Raw.ShouldContain("quicksort");
        question.Raw.ShouldContain("Ownership in Rust");
        var message = world.Slack.MessagesTo(learner.UserId).ShouldHaveSingleItem();

        // The same unfurl again, as Slack sends it when the cached preview is renewed.
        await world.AcceptedAsync(unfurled);
        (await world.Rows.QueryAsync(
            "SELECT count(*) FROM study.message_edits WHERE team_id = $1", row => row.GetInt64(0), learner.TeamId)).ShouldBe([0]);
        world.Slack.Calls("chat.update", $"D{learner.UserId}").ShouldBeEmpty();
        message.Token.ShouldBe($"xoxb-{learner.TeamId}");
    }

    private static string Event(Learner learner, string slackEvent) => World.Envelope(learner.TeamId, slackEvent);

    private static string Repeat(string text, int times) => new StringBuilder().Insert(0, text, times).ToString();

    private static List<string> Texts(string blocks)
    {
        using var json = JsonDocument.Parse(blocks);
        var texts = new List<string>();
        Collect(json.RootElement, texts);
        return texts;
    }

    private static void Collect(JsonElement element, List<string> texts)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray()) Collect(item, texts);
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in element.EnumerateObject()) Collect(property.Value, texts);
        }
        else if (element.ValueKind == JsonValueKind.String)
        {
            texts.Add(element.GetString()!);
        }
    }
}
