using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using StudyTracker.Contracts;
using StudyTracker.FunctionalTests.Runs;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Intake;

/// <summary>What people write, from Slack's event to the message that they get.</summary>
[Collection(nameof(OneRunAtATime))]
public sealed class TextTests(App app)
{
    [Fact]
    public async Task Markup_is_resolved_once_and_a_reader_sees_what_was_written()
    {
        var learner = Learner.New();
        await app.Slack.AcceptedAsync(learner.Written($"{App.Marker} Vec&lt;u8&gt; &amp;&amp; a &amp;lt; b <@U0SECRET> <https://x.example/a|doc>"));

        await RunAsync();

        (await app.Rows.MessagesAsync(learner)).ShouldHaveSingleItem().Text.ShouldBe($"{App.Marker} Vec<u8> && a &lt; b @someone doc (x.example)");
        var post = await Eventually.GetsAsync(() => app.Sandbox.PostsAsync(learner), posts => posts.Count == 1);
        post[0].Text.ShouldContain("Vec&lt;u8&gt; &amp;&amp; a &amp;lt; b @someone doc (x.example)");
    }

    [Fact]
    public async Task A_day_on_which_nothing_was_said_makes_no_job_and_no_day_in_a_row()
    {
        var (silent, learner) = (Learner.New(), Learner.New());
        string[] nothings = ["\n", "\u200B", "\u3164", "\u00A0", ":+1:", "<@U2>", "👍🏽", "...", "<!here> <#C1|general>", ""];
        foreach (var nothing in nothings)
        {
            await app.Slack.AcceptedAsync(silent.Written(nothing));
            await app.Slack.AcceptedAsync(learner.Written(nothing, Learner.Ts(DateTimeOffset.UtcNow.AddMinutes(-1).AddDays(-1))));
        }

        await app.Slack.AcceptedAsync(learner.Written($"{App.Marker} I said something."));
        await RunAsync();

        (await app.Rows.MessagesAsync(silent)).Count.ShouldBe(nothings.Length);
        (await app.Rows.QueryAsync("SELECT 1 FROM study.jobs WHERE team_id = $1", _ => 0, silent.TeamId)).ShouldBeEmpty();
        var feedback = await FeedbackAsync(learner);
        (feedback.MessageCount, feedback.StreakDays).ShouldBe((1, 1));
    }

    [Fact]
    public async Task Long_texts_are_stored_as_far_as_Slack_keeps_them_and_marked()
    {
        var learner = Learner.New();
        await app.Slack.AcceptedAsync(learner.Written($"{App.Marker} {string.Concat(Enumerable.Repeat("&amp;", 9_000))}"));
        await app.Slack.AcceptedAsync(learner.Written($"{App.Marker} {string.Concat(Enumerable.Repeat("𝒜", 25_000))}"));
        await app.Slack.AcceptedAsync(learner.Written($"{App.Marker} {new string('x', 900_000)}"));

        var run = await RunAsync();

        var stored = await app.Rows.QueryAsync(
            "SELECT text, is_cut FROM study.messages WHERE team_id = $1 ORDER BY ts", row => (Text: row.GetString(0), IsCut: row.GetBoolean(1)), learner.TeamId);
        stored.Select(message => message.IsCut).ShouldBe([false, true, true]);
        stored.ShouldAllBe(message => message.Text.Length > 9_000 && message.Text.Length <= 40_000);
        (await app.Rows.QueryAsync("SELECT state FROM study.jobs WHERE team_id = $1", row => row.GetString(0), learner.TeamId)).ShouldBe(["Done"], run);
        DeadLetters(learner).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_forwarded_message_counts_and_what_is_found_behind_a_link_rewrites_nothing()
    {
        var learner = Learner.New();
        var ts = Learner.NewTs();
        await app.Slack.AcceptedAsync(With(learner.Written(""), "attachments", """[{"is_share":true,"author_id":"U2","text":"qzmarkerqz Dijkstra"}]"""));
        await app.Slack.AcceptedAsync(learner.Written("<https://x.example/a>", ts));
        await RunAsync();
        var post = await Eventually.GetsAsync(() => app.Sandbox.PostsAsync(learner), posts => posts.Count == 1);

        await app.Slack.AcceptedAsync(Unfurled(learner, ts));
        await app.Slack.AcceptedAsync(Unfurled(learner, ts), retry: 1);
        await app.Groups.CaughtUpAsync();

        (await FeedbackAsync(learner)).MessageCount.ShouldBe(2);
        var stored = await app.Rows.QueryAsync("SELECT attached FROM study.messages WHERE team_id = $1 ORDER BY length(text)", row => row.GetString(0), learner.TeamId);
        stored.ShouldBe(["Quoted from someone else: qzmarkerqz Dijkstra", "Linked page: qzmarkerqz A title - what it is about"]);
        (await app.Rows.QueryAsync("SELECT 1 FROM study.message_edits WHERE team_id = $1", _ => 0, learner.TeamId)).ShouldBeEmpty();
        (await app.Rows.QueryAsync("SELECT 1 FROM study.revisions WHERE team_id = $1", _ => 0, learner.TeamId)).ShouldBeEmpty();
        post.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("text", "7")]
    [InlineData("text", "{\"of\":[\"another form\"]}")]
    [InlineData("blocks", "\"garbage\"")]
    [InlineData("attachments", "{\"0\":{\"is_share\":true}}")]
    [InlineData("files", "[null,[[[[7]]]]]")]
    public async Task What_is_of_no_known_form_costs_no_message(string property, string json)
    {
        var learner = Learner.New();

        await app.Slack.AcceptedAsync(With(learner.Written($"{App.Marker} kept"), property, json));
        await app.Groups.CaughtUpAsync();

        (await app.Rows.MessagesAsync(learner)).ShouldHaveSingleItem().Text.ShouldBe(property == "text" ? "" : $"{App.Marker} kept");
        DeadLetters(learner).ShouldBeEmpty();
    }

    [Fact]
    public async Task Three_hundred_odd_texts_make_no_dead_letter_and_no_parked_job()
    {
        var team = Learner.NewTeam();
        var random = new Random(11);
        var texts = Enumerable.Range(0, 300).Select(index => (Learner: Learner.New(team), Body: OddText(random, index < 6 ? 40_000 : 200))).ToList();
        await Parallel.ForEachAsync(
            texts, TestContext.Current.CancellationToken,
            async (one, _) => await app.Slack.AcceptedAsync(one.Learner.Written("TEXT").Replace("\"TEXT\"", one.Body, StringComparison.Ordinal)));

        await RunAsync();

        (await app.Rows.EventIdsAsync(team)).Count.ShouldBe(texts.Count);
        var jobs = await app.Rows.QueryAsync("SELECT state || coalesce(error, '') FROM study.jobs WHERE team_id = $1", row => row.GetString(0), team);
        jobs.Count.ShouldBeGreaterThan(200);
        jobs.ShouldAllBe(state => state == "Done");
        await Eventually.HoldsAsync(async () => (await app.Rows.QueryAsync(
            "SELECT 1 FROM delivery.deliveries WHERE team_id = $1 AND state = 'Sent'", _ => 0, team)).Count.ShouldBe(jobs.Count));
        app.Log.Of(Topics.DeadLetters).ShouldNotContain(record => record.Key.StartsWith(team, StringComparison.Ordinal));
    }

    /// <summary>A JSON string of letters of all planes, halves of pairs, marks, markup in pieces.</summary>
    private static string OddText(Random random, int length)
    {
        string[] pieces = ["<", ">", "&amp;", "&lt;", "|", "<@U2>", "<#C1|x>", "<!here>", "<https://x.example/a|doc>", "\\u0000", "\\ud800", "\\udc00", "\\u202e", "\\u0301", "\\u200d", "👩", "한글", "**", "`", ":+1:", "\\n", "\\\\", "\\\"", "word "];
        var text = new StringBuilder("\"");
        while (text.Length < length)
        {
            if (random.Next(3) > 0) text.Append(pieces[random.Next(pieces.Length)]);
            else text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{random.Next(char.MaxValue + 1):x4}");
            if (length < 1_000 && random.Next(25) == 0) break;
        }

        return text.Append('"').ToString();
    }

    private static string With(string envelope, string property, string json)
    {
        var body = JsonNode.Parse(envelope)!;
        body["event"]![property] = JsonNode.Parse(json);
        return body.ToJsonString();
    }

    private static string Unfurled(Learner learner, string ts)
    {
        var told = JsonNode.Parse(learner.Edited("<https://x.example/a>", ts, Learner.NewTs()))!;
        told["event"]!["hidden"] = true;
        var message = told["event"]!["message"]!.AsObject();
        message.Remove("edited");
        message["attachments"] = JsonNode.Parse("""[{"title":"qzmarkerqz A title","text":"what it is about","from_url":"https://x.example/a"}]""");
        return told.ToJsonString();
    }

    private async Task<string> RunAsync()
    {
        await app.Groups.CaughtUpAsync();
        var runId = await app.Operator.TriggerAsync();
        await app.Operator.FinishedAsync(runId);
        return runId;
    }

    private async Task<FeedbackRecord> FeedbackAsync(Learner learner)
    {
        await Eventually.HoldsAsync(() => app.Log.Of(Topics.Feedback, learner.Key).ShouldHaveSingleItem());
        return JsonSerializer.Deserialize(app.Log.Of(Topics.Feedback, learner.Key)[0].Value, ContractsJson.Default.FeedbackRecord)!;
    }

    private IReadOnlyList<TopicRecord> DeadLetters(Learner learner) => app.Log.Of(Topics.DeadLetters, learner.Key);
}
