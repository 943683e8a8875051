using System.Text.Json;
using Microsoft.AspNetCore.Http;
using StudyTracker.Contracts;
using StudyTracker.Kafka;
using StudyTracker.Summarizer.Storage;
using StudyTracker.Summarizer.Summaries;

namespace StudyTracker.UnitTests.Summarizer.Summaries;

/// <summary>Models that think, models with little room, and servers that say so badly.</summary>
public sealed class ModelLimitsTests
{
    private static readonly Prompt _prompt = Prompt.Create(SummaryKind.Daily, "en", [PromptTests.Note("a note on graphs", "1.1")], 0, PromptTests.Options());

    [Theory]
    [InlineData("\"\"")]
    [InlineData("null")]
    [InlineData("\"<think>so, the notes say\"")]
    [InlineData("[{\"type\":\"thinking\",\"text\":\"so\"}]")]
    public async Task A_model_that_has_spent_its_answer_on_thoughts_is_given_room_once_and_then_to_all(string content)
    {
        await using var server = await ModelServer.StartAsync(request => Limit(request) > 1_200 ? ModelServer.Says("{}") : Thoughts(content, Limit(request)));
        using var model = Asking.Model(server);

        var answer = await model.CompleteAsync(_prompt, Token);
        await model.CompleteAsync(_prompt, Token);

        server.Requests.Select(Limit).ShouldBe([1_200, 9_200, 9_200]);
        answer.Text.ShouldBe("{}");
        answer.OutputTokens.ShouldBe(1_200 + 2); // the thoughts are paid for too
        model.Lessons.ShouldHaveSingleItem().ShouldContain("9200 tokens");
    }

    [Fact]
    public async Task A_model_that_thinks_on_and_on_is_not_asked_a_third_time()
    {
        await using var server = await ModelServer.StartAsync(request => Thoughts("\"\"", Limit(request)));
        using var model = Asking.Model(server, options => options.MaxReasoningTokens = 1_000);

        var answer = await model.CompleteAsync(_prompt, Token);
        answer.FaultKind.ShouldBe(FaultKind.OutOfRoom);
        answer.Fault.ShouldNotBeNull().ShouldContain("OpenAI:MaxReasoningTokens");
        await model.CompleteAsync(_prompt, Token);

        server.Requests.Select(Limit).ShouldBe([1_200, 2_200, 2_200]);
    }

    [Fact]
    public async Task A_model_whose_server_allows_no_more_room_ends_there()
    {
        await using var server = await ModelServer.StartAsync(request => Limit(request) > 4_096
            ? ModelServer.Refuses(400, "max_completion_tokens is too large: 9200. This model supports at most 4096 completion tokens")
            : Thoughts("\"\"", Limit(request)));
        using var model = Asking.Model(server);

        (await model.CompleteAsync(_prompt, Token)).FaultKind.ShouldBe(FaultKind.OutOfRoom);

        server.Requests.Select(Limit).ShouldBe([1_200, 9_200, 4_096]);
    }

    [Fact]
    public async Task An_effort_is_sent_where_it_is_configured_and_nothing_else_that_such_models_refuse()
    {
        await using var server = await ModelServer.StartAsync(ModelServer.Says("{}"));
        using var model = Asking.Model(server, options => options.ReasoningEffort = "low");

        await model.CompleteAsync(_prompt, Token);

        server.Requests.Single().EnumerateObject().Select(member => member.Name)
            .ShouldBe(["model", "messages", "response_format", "max_completion_tokens", "reasoning_effort", "stream"]);
    }

    [Theory]
    [InlineData("This model's maximum context length is 3000 tokens. However, your messages resulted in 6000 tokens.", "context_length_exceeded")]
    [InlineData("the prompt is too long", null)]
    [InlineData("Input exceeds the context window of this model", null)]
    public async Task A_prompt_that_is_too_long_is_made_shorter_and_the_next_one_at_once(string words, string? code)
    {
        var notes = Enumerable.Range(1, 40).Select(i => PromptTests.Note($"note number {i}: {new string('x', 300)}", $"1.{i}")).ToList();
        await using var server = await ModelServer.StartAsync(request => Words(request) > 6_000 ? ModelServer.Refuses(400, words, code) : ModelServer.Says("{}"));
        using var model = Asking.Model(server);

        var shorter = await AnsweredAsync(model, notes);
        shorter.LeftOut.ShouldBeGreaterThan(0);
        shorter.Text.ShouldContain($"\"leftOut\":{shorter.LeftOut}");
        shorter.Text.ShouldContain("note number 40");
        server.Calls.ShouldBeLessThan(6);
        var before = server.Calls;
        await AnsweredAsync(model, notes);

        server.Calls.ShouldBe(before + 1);
    }

    [Fact]
    public async Task One_long_note_is_cut_to_its_beginning()
    {
        await using var server = await ModelServer.StartAsync(request =>
            Words(request) > 6_000 ? ModelServer.Answers(413, "text/html", "<html><title>413 Request Entity Too Large</title></html>") : ModelServer.Says("{}"));
        using var model = Asking.Model(server);

        var prompt = await AnsweredAsync(model, [PromptTests.Note(string.Concat(Enumerable.Repeat("word ", 8_000)), "1.1")]);

        prompt.Text.ShouldContain("\"cut\":true");
        (prompt.LeftOut, prompt.MessageCount).ShouldBe((0, 1));
    }

    [Fact]
    public async Task A_model_without_room_for_anything_holds_everybody_back()
    {
        await using var server = await ModelServer.StartAsync(ModelServer.Refuses(400, "maximum context length exceeded", "context_length_exceeded"));
        using var model = Asking.Model(server);

        (await Should.ThrowAsync<TryLaterException>(() => AnsweredAsync(model, [PromptTests.Note("short", "1.1")]))).IsInLine.ShouldBeTrue();

        model.HeldBack.ShouldNotBeNull().ShouldContain("context");
        server.Calls.ShouldBeLessThan(4);
    }

    [Theory]
    [InlineData(2_048, true)]
    [InlineData(1, true)]
    [InlineData(9_000, false)]
    [InlineData(0, false)]
    public async Task A_server_that_cuts_the_prompt_without_a_word_is_noticed_once(int counted, bool isNoticed)
    {
        var lines = new Lines();
        var notes = Enumerable.Range(1, 150).Select(i => PromptTests.Note($"note number {i}: {string.Concat(Enumerable.Repeat("some words on graphs ", 12))}", $"1.{i}")).ToList();
        await using var server = await ModelServer.StartAsync(ModelServer.Answers(
            200, "application/json", $$$"""{"choices":[{"message":{"content":"{}"}}],"usage":{"prompt_tokens":{{{counted}}},"completion_tokens":5}}"""));
        using var model = Asking.Model(server, logger: lines);

        await AnsweredAsync(model, notes);
        await AnsweredAsync(model, notes);

        lines.Where("num_ctx").Count.ShouldBe(isNoticed ? 1 : 0);
        model.Lessons.Count.ShouldBe(isNoticed ? 1 : 0);
    }

    [Theory]
    [InlineData("ko", "오늘은 그래프 탐색과 동적 계획법을 공부했다. ")]
    [InlineData("en", "Today: BFS, DFS and O(n log n) sorting; 12345678. ")]
    [InlineData("en", "今日はグラフ探索を勉強しました。")]
    public async Task A_server_that_counts_as_tokenizers_do_is_not_suspected(string language, string sentence)
    {
        var lines = new Lines();
        var notes = Enumerable.Range(1, 20).Select(i => PromptTests.Note(string.Concat(Enumerable.Repeat(sentence, 8)), $"1.{i}")).ToList();
        var prompt = Prompt.Create(SummaryKind.Daily, language, notes, 0, PromptTests.Options());
        // Four and a half letters to a token, or two characters of other scripts.
        var counted = (Prompt.System.Length + prompt.Text.Count(char.IsAscii)) * 2 / 9 + prompt.Text.Count(letter => !char.IsAscii(letter)) / 2;
        await using var server = await ModelServer.StartAsync(ModelServer.Answers(
            200, "application/json", $$$"""{"choices":[{"message":{"content":"{}"}}],"usage":{"prompt_tokens":{{{counted}}},"completion_tokens":5}}"""));
        using var model = Asking.Model(server, logger: lines);

        await model.CompleteAsync(prompt, Token);

        lines.All.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(402, """{"error":{"message":"Insufficient Balance for sk-proj-1234567890abcdef and a-key-of-nobody: a note on graphs, which you sent"}}""")]
    [InlineData(200, """{"error":{"code":402,"message":"Insufficient Balance, key a-key-of-nobody, request was {a note on graphs}"}}""")]
    [InlineData(401, "Insufficient Balance\r\n\u0007 a note on graphs Bearer a-key-of-nobody")]
    public async Task The_servers_words_are_told_without_what_was_sent(int status, string body)
    {
        var lines = new Lines();
        await using var server = await ModelServer.StartAsync(ModelServer.Answers(status, "application/json", body));
        using var model = Asking.Model(server, logger: lines);

        var error = await Should.ThrowAsync<TryLaterException>(() => model.CompleteAsync(_prompt, Token));
        await Should.ThrowAsync<TryLaterException>(() => model.CompleteAsync(_prompt, Token));

        foreach (var told in (string[])[error.Message, model.HeldBack!, .. lines.All])
        {
            told.ShouldContain("Insufficient Balance");
            foreach (var secret in (string[])["graphs", "a-key-of", "sk-proj", "\r", "\u0007"]) told.ShouldNotContain(secret);
        }

        lines.All.ShouldHaveSingleItem().ShouldStartWith("Error");
    }

    [Fact]
    public async Task An_outage_is_one_error_however_long_it_lasts_and_its_end_is_told()
    {
        var lines = new Lines();
        await using var server = await ModelServer.StartAsync(ModelServer.Refuses(402, "Insufficient Balance"));
        using var model = Asking.Model(server, logger: lines);

        for (var probe = 0; probe < 2; probe++)
        {
            await Should.ThrowAsync<TryLaterException>(() => model.CompleteAsync(_prompt, Token));
            await Task.Delay(1_100 * (probe + 1), Token);
        }

        server.Answer = ModelServer.Says("{}");
        (await model.CompleteAsync(_prompt, Token)).Text.ShouldBe("{}");

        server.Calls.ShouldBe(3);
        lines.Where("No calls of the model").ShouldHaveSingleItem();
        lines.Where("well again").ShouldHaveSingleItem();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static async Task<Prompt> AnsweredAsync(SummaryModel model, IReadOnlyList<Message> notes)
    {
        while (true)
        {
            var prompt = Prompt.Create(SummaryKind.Daily, "en", notes, 0, PromptTests.Options(), model.PromptTokens);
            try
            {
                await model.CompleteAsync(prompt, Token);
                return prompt;
            }
            catch (PromptTooLongException)
            {
                // As the writer does.
            }
        }
    }

    private static RequestDelegate Thoughts(string content, int tokens) => ModelServer.Answers(
        200,
        "application/json",
        $$$$"""{"choices":[{"finish_reason":"length","message":{"content":{{{{content}}}},"reasoning_content":"so"}}],"usage":{"prompt_tokens":900,"completion_tokens":{{{{tokens}}}},"completion_tokens_details":{"reasoning_tokens":{{{{tokens}}}}}}}""");

    private static int Limit(JsonElement request) => request.GetProperty("max_completion_tokens").GetInt32();

    private static int Words(JsonElement request) => request.GetProperty("messages")[1].GetProperty("content").GetString()!.Length;
}
