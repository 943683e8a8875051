using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using StudyTracker.Contracts;
using StudyTracker.Summarizer.Summaries;

namespace StudyTracker.UnitTests.Summarizer.Summaries;

/// <summary>Good answers as servers and models really wrap them: each is taken at the first call, and checked as strictly as any.</summary>
public sealed class OddAnswersTests
{
    private const string Good = """{"sentences":[{"text":"You studied BFS.","sources":["m2"]}],"feedback":"Well done.","nextSteps":["Try DFS."]}""";

    private static readonly Prompt _prompt = Prompt.Create(
        SummaryKind.Daily, "en", [PromptTests.Note("a", "1.1"), PromptTests.Note("b", "1.2")], 0, PromptTests.Options());

    /// <summary>Whole bodies, with <c>$</c> where the answer's JSON stands as a string.</summary>
    public static TheoryData<string> Bodies =>
    [
        """{"choices":[{"index":0,"finish_reason":null,"message":{"role":"assistant","content":$}}]}""",
        """{"choices":[{"index":0,"finish_reason":"","message":{"role":"assistant","content":$}}]}""",
        """{"choices":[{"index":0,"finish_reason":"eos","message":{"role":"assistant","content":$}}]}""",
        """{"choices":[{"index":0,"finish_reason":"eos_token","message":{"role":"assistant","content":$}}]}""",
        """{"choices":[{"index":0,"finish_reason":7,"message":{"role":"assistant","content":$}}]}""",
        """{"choices":[{"message":{"content":$}}]}""",
        """{"choices":[{"finish_reason":"stop","message":{"role":"ASSISTANT","content":$}}]}""",
        """{"choices":[{"finish_reason":"stop","message":{"role":null,"content":$}}]}""",
        """{"id":null,"object":null,"created":1700000000.5,"model":null,"choices":[{"finish_reason":"stop","message":{"role":"assistant","content":$}}]}""",
        """{"id":7,"created":"2026-01-01T00:00:00Z","choices":[{"finish_reason":"stop","message":{"role":"assistant","content":$}}]}""",
        """{"created":-1e99,"choices":[{"finish_reason":"stop","message":{"role":"assistant","content":$}}],"usage":null}""",
        """{"choices":[{"finish_reason":"stop","message":{"role":"assistant","content":$}}],"usage":{"prompt_tokens":null}}""",
        """{"choices":[{"finish_reason":"stop","message":{"role":"assistant","content":$}}],"usage":{"prompt_tokens":"12","completion_tokens":"3.0","total_tokens":"many"}}""",
        """{"choices":[{"finish_reason":"stop","message":{"role":"assistant","content":$}}],"usage":{"prompt_tokens":-4,"prompt_tokens_details":"none"}}""",
        """{"choices":[{"finish_reason":"stop","message":{"role":"assistant","content":$}}],"usage":"free"}""",
        """{"choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":$}},{"index":1,"message":{"content":"another"}}]}""",
        """{"choices":[{"index":0,"message":{"content":null}},{"index":1,"message":{"content":$}}]}""",
        """{"choices":[{"finish_reason":"stop","message":{"role":"assistant","content":[{"type":"text","text":$}]}}]}""",
        """{"choices":[{"message":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm {\"sentences\":[]}"}]},{"type":"text","text":$}]}}]}""",
        """{"choices":[{"message":{"content":[{"type":"reasoning","text":"hm"},{"type":"output_text","text":$}]}}]}""",
        """{"choices":[{"message":{"content":[{"type":"text","text":{"value":$,"annotations":[]}}]}}]}""",
        """{"choices":[{"message":{"content":[$]}}]}""",
        """{"choices":[{"message":{"content":{"type":"text","text":$}}}]}""",
        """{"choices":[{"finish_reason":"stop","message":{"content":$,"tool_calls":null,"function_call":null,"refusal":"","audio":null,"annotations":[]}}]}""",
        """{"choices":[{"finish_reason":"tool_calls","message":{"content":$,"tool_calls":[]}}]}""",
        """{"choices":[{"finish_reason":"tool_calls","message":{"content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"study_summary","arguments":$}}]}}]}""",
        """{"choices":[{"finish_reason":"stop","message":{"content":$,"reasoning_content":"I think {so}"}}],"service_tier":"turbo","system_fingerprint":7}""",
        """{"choices":[{"finish_reason":"stop","message":{"content":"","reasoning_content":$}}]}""",
        """{"choices":[{"finish_reason":"stop","message":{"content":null,"reasoning":$}}]}""",
        """{"choices":[{"finish_reason":"stop","text":$}]}""",
        """{"choices":[{"finish_reason":"length","message":{"content":$}}]}""",
        """{"error":null,"choices":[{"finish_reason":"stop","message":{"content":$}}]}""",
        """{"error":{},"choices":[{"finish_reason":"stop","message":{"content":$}}]}""",
        """{"choices":[{"finish_reason":"stop","message":{"content":$,},},],}""",
    ];

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_completion_is_read_whatever_form_nobody_needs_has(string body) =>
        await IsTakenAsync(ModelServer.Answers(200, "application/json", body.Replace("$", JsonSerializer.Serialize(Good), StringComparison.Ordinal)));

    /// <summary>What a model says, with <c>$</c> where the good JSON stands.</summary>
    public static TheoryData<string> Texts =>
    [
        "```json\n$\n```",
        "```\n$\n```",
        "~~~JSON\r\n$\r\n~~~",
        "Sure! Here is the summary:\n\n$\n\nLet me know if you need anything else {or not}.",
        "\uFEFF$",
        "\n\n   $   \n",
        "<think>The notes say BFS. {\"sentences\":[{\"text\":\"draft\",\"sources\":[\"m1\"]}],\"feedback\":\"d\"}</think>\n$",
        "<think>\n</think>\n\n```json\n$\n```",
        "The template began the thoughts. {\"sentences\":[]}</think>$",
        "<thinking>hm</thinking>$",
        "[THINK]hm {[/THINK]$",
        "◁think▷hm◁/think▷$",
        "<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>$",
        "{\"study_summary\":$}",
        "{\"name\":\"study_summary\",\"arguments\":$}",
        "[$]",
        "The schema is {\"type\":\"object\"}, so: $",
        "Draft: {\"sentences\":[{\"text\":\"draft\",\"sources\":[\"m1\"]}],\"feedback\":\"d\"} Final: $",
        "// the summary\n$ /* done */",
        "<answer>$</answer>",
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task An_answer_is_found_in_what_the_model_puts_around_it(string text) =>
        await IsTakenAsync(ModelServer.Says(text.Replace("$", Good, StringComparison.Ordinal)));

    /// <summary>The same answer in other JSON.</summary>
    [Theory]
    [InlineData("""{"Sentences":[{"Text":"You studied BFS.","Sources":["m2"]}],"Feedback":"Well done.","NextSteps":["Try DFS."]}""")]
    [InlineData("""{"sentences":[{"text":"You studied BFS.","sources":["m2"]}],"feedback":"Well done.","next_steps":["Try DFS."]}""")]
    [InlineData("""{"SENTENCES":[{"TEXT":"You studied BFS.","SOURCES":["m2"]}],"FEEDBACK":"Well done.","NEXT-STEPS":["Try DFS."]}""")]
    [InlineData("""{"sentences":[{"text":"You studied BFS.","sources":["m2",],},],"feedback":"Well done.","nextSteps":["Try DFS.",],}""")]
    [InlineData("""{"sentences":[{"text":"You studied BFS.","sources":["m2"]/* BFS */}],"feedback":"Well done.","nextSteps":["Try DFS."]}""")]
    [InlineData("""{"sentences":{"text":"You studied BFS.","sources":["m2"]},"feedback":"Well done.","nextSteps":"Try DFS."}""")]
    [InlineData("""{"sentences":[{"text":"You studied BFS.","sources":["m2"]}],"feedback":["Well","done."],"nextSteps":[{"text":"Try DFS."}]}""")]
    [InlineData("""{"sentences":[{"text":"You studied BFS.","sources":["m2"],"confidence":0.9}],"feedback":{"text":"Well done."},"nextSteps":["Try DFS."],"extra":[1]}""")]
    [InlineData("""{"sentences":[{"text":"You studied BFS.","sources":"m2"}],"feedback":"Well done.","nextSteps":["Try DFS."]}""")]
    [InlineData("""{"sentences":[{"text":"You studied BFS.","sources":["2"]}],"feedback":"Well done.","nextSteps":["Try DFS."]}""")]
    [InlineData("""{"sentences":[{"text":"You studied BFS.","sources":[2]}],"feedback":"Well done.","nextSteps":["Try DFS."]}""")]
    [InlineData("""{"sentences":[{"text":"You studied BFS.","sources":2}],"feedback":"Well done.","nextSteps":["Try DFS."]}""")]
    [InlineData("""{"sentences":[{"text":"You studied BFS.","sources":["[m2]"]}],"feedback":"Well done.","nextSteps":["Try DFS."]}""")]
    [InlineData("""{"sentences":[{"text":"You studied BFS.","sources":["M2"]}],"feedback":"Well done.","nextSteps":["Try DFS."]}""")]
    [InlineData("""{"sentences":[{"text":"You studied BFS.","sources":["m02"]}],"feedback":"Well done.","nextSteps":["Try DFS."]}""")]
    [InlineData("""{"sentences":[{"text":"You studied BFS.","sources":["m2, m2"]}],"feedback":"Well done.","nextSteps":["Try DFS."]}""")]
    [InlineData("""{"sentences":[{"text":"You studied BFS.","sources":["message 2"]}],"feedback":"Well done.","nextSteps":["Try DFS."]}""")]
    [InlineData("""{"sentences":[{"text":"You studied BFS.","sources":["id: m2."]}],"feedback":"Well done.","nextSteps":["Try DFS."]}""")]
    [InlineData("""{"sentences":[{"text":"You studied BFS.","sources":[{"id":"m2"}]}],"feedback":"Well done.","nextSteps":["Try DFS."]}""")]
    [InlineData("""{"sentences":[{"text":"You studied BFS.","sources":[["m2"]]}],"feedback":"Well done.","nextSteps":["Try DFS."]}""")]
    [InlineData("{\"sentences\":[{\"text\":\"You\nstudied\tBFS.\",\"sources\":[\"m2\"]}],\"feedback\":\"Well done.\",\"nextSteps\":[\"Try DFS.\"]}")]
    public async Task Its_JSON_may_be_written_in_any_way_that_means_the_same(string json)
    {
        await IsTakenAsync(ModelServer.Says(json));
        await IsTakenAsync(ModelServer.Says(JsonSerializer.Serialize(json))); // as a string in JSON
    }

    [Theory]
    [InlineData("""{"sentences":[{"text":"\(O(n)\) and \alpha","sources":["m1"]}],"feedback":"f"}""", """\(O(n)\) and \alpha""")]
    [InlineData("""{"sentences":[{"text":"C:\Users\me","sources":["m1"]}],"feedback":"f"}""", """C:\Users\me""")]
    [InlineData("""{"sentences":[{"text":"it\'s","sources":["m1"]}],"feedback":"f"}""", """it\'s""")]
    public void A_backslash_that_JSON_does_not_know_is_itself(string json, string shown) =>
        ModelAnswer.Read(json, _prompt).Content.ShouldNotBeNull().Sentences[0].Text.ShouldBe(shown);

    [Theory]
    [InlineData("""{"sentences":[{"text":"an answer about <think> and </think>","sources":["m1"]}],"feedback":"f"}""")]
    [InlineData("```json\n{\"sentences\":[{\"text\":\"an answer about <think> and </think>\",\"sources\":[\"m1\"]}],\"feedback\":\"f\"}\n```")]
    public void Tags_may_be_what_the_answer_is_about(string text) => ModelAnswer.Read(text, _prompt).Content.ShouldNotBeNull();

    [Fact]
    public void A_draft_in_thoughts_that_never_ended_is_no_answer() => ModelAnswer.Read($"<think>so {Good} or", _prompt).Content.ShouldBeNull();

    public static TheoryData<string, string, string> Streams => new()
    {
        { "text/event-stream", "data: ", "\n\n" },
        { "text/event-stream; charset=utf-8", "event: message\ndata:", "\r\n\r\n" },
        { "application/json", "data: ", "\n" },
        { "application/x-ndjson", "", "\n" },
    };

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task A_stream_that_nobody_asked_for_is_put_together(string type, string before, string after)
    {
        var body = new StringBuilder(before.Length > 0 ? ": PROCESSING\n\n" : "");
        Piece(new { choices = new[] { new { index = 0, delta = new { role = "assistant", content = "" } } } });
        foreach (var part in Good.Chunk(17)) Piece(new { choices = new[] { new { index = 0, delta = new { content = new string(part) }, finish_reason = (string?)null } } });
        Piece(new { choices = new[] { new { index = 0, delta = new { content = (string?)null }, finish_reason = "stop" } } });
        Piece(new { choices = Array.Empty<object>(), usage = new { prompt_tokens = 900, completion_tokens = 30 } });
        if (before.Length > 0) body.Append("data: [DONE]\n\n");

        (await IsTakenAsync(ModelServer.Answers(200, type, body.ToString()))).OutputTokens.ShouldBe(30);

        void Piece(object piece) => body.Append(before).Append(JsonSerializer.Serialize(piece)).Append(after);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("text/html; charset=utf-8")]
    [InlineData("application/octet-stream")]
    public async Task The_type_of_the_content_is_nobodys_business(string type) => await IsTakenAsync(ModelServer.Answers(
        200, type, $$$"""{"choices":[{"message":{"content":{{{JsonSerializer.Serialize(Good)}}}}}]}"""));

    [Fact]
    public async Task Bytes_that_are_no_text_cost_only_themselves()
    {
        await using var server = await ModelServer.StartAsync((RequestDelegate)(async context =>
        {
            var json = JsonSerializer.Serialize(Good.Replace("BFS", "B@S", StringComparison.Ordinal));
            var body = Encoding.UTF8.GetBytes($$$"""{"choices":[{"message":{"content":{{{json}}}}}]}""");
            body[Array.IndexOf(body, (byte)'@')] = 0xFF;
            await context.Response.Body.WriteAsync(body);
        }));

        var answer = await Asking.Model(server).CompleteAsync(_prompt, TestContext.Current.CancellationToken);

        ModelAnswer.Read(answer, _prompt).Content.ShouldNotBeNull().Sentences[0].Text.ShouldBe("You studied B\uFFFDS.");
    }

    [Fact]
    public async Task What_a_server_refuses_in_its_models_name_is_read_all_the_same() => await IsTakenAsync(ModelServer.Answers(
        400, "application/json", JsonSerializer.Serialize(new { error = new { message = "Failed to generate JSON", code = "json_validate_failed", failed_generation = $"Here: {Good}" } })));

    /// <summary>All that the schema allows and yet says nothing: left out, and the rest stays.</summary>
    [Theory]
    [InlineData("""{"text":"","sources":["m1"]}""")]
    [InlineData("""{"text":" \n ","sources":["m1"]}""")]
    [InlineData("""{"text":"<!channel>","sources":["m1"]}""")]
    [InlineData("""{"text":"no source","sources":[]}""")]
    [InlineData("""{"text":"made up","sources":["m9"]}""")]
    [InlineData("""{"text":"partly made up","sources":["m1","m9"]}""")]
    [InlineData("""{"text":"named in words","sources":["all of them"]}""")]
    [InlineData("\"a plain string\"")]
    [InlineData("null")]
    public void A_sentence_of_no_use_is_left_out_and_the_others_stay(string useless)
    {
        var content = ModelAnswer.Read(
            $$"""{"sentences":[{{useless}},{"text":"You studied BFS.","sources":["m2"]},{{useless}}],"feedback":"","nextSteps":[]}""", _prompt).Content.ShouldNotBeNull();

        content.Sentences.ShouldHaveSingleItem().Text.ShouldBe("You studied BFS.");
        content.Feedback.ShouldBe("");
    }

    [Theory]
    [InlineData("""{"sentences":[],"feedback":"","nextSteps":[]}""", true)]
    [InlineData("""{"sentences":[{"text":"","sources":[]}],"feedback":"","nextSteps":[]}""", true)]
    [InlineData("""{"sentences":[{"text":"made up","sources":["m9"]}],"feedback":"f","nextSteps":[]}""", true)]
    [InlineData("""{"sentences":["a plain string"],"feedback":"f","nextSteps":[]}""", false)]
    [InlineData("""{"sentences":[{"text":"t"}],"feedback":"f","nextSteps":[]}""", false)]
    [InlineData("""{"feedback":"f","nextSteps":[]}""", false)]
    [InlineData("I cannot do that.", false)]
    public void What_keeps_to_the_schema_is_told_from_what_does_not(string text, bool isOfSchema)
    {
        var reading = ModelAnswer.Read(text, _prompt);

        reading.Content.ShouldBeNull();
        reading.Fault.ShouldNotBeNull();
        reading.IsOfSchema.ShouldBe(isOfSchema);
    }

    private static async Task<Completion> IsTakenAsync(RequestDelegate answer)
    {
        await using var server = await ModelServer.StartAsync(answer);

        var completion = await Asking.Model(server).CompleteAsync(_prompt, TestContext.Current.CancellationToken);

        var reading = ModelAnswer.Read(completion, _prompt);
        reading.Fault.ShouldBeNull();
        reading.Content!.Sentences.ShouldHaveSingleItem().Text.ShouldBe("You studied BFS.");
        reading.Content.Sentences[0].Sources.ShouldBe([new MessageRef("C1", "1.2")]);
        reading.Content.Feedback.ShouldBe("Well done.");
        reading.Content.NextSteps.ShouldBe(["Try DFS."]);
        server.Calls.ShouldBe(1);
        completion.InputTokens.ShouldBePositive();
        return completion;
    }
}
