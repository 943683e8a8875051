using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace StudyTracker.UnitTests.Sandbox.OpenAI;

/// <summary>What the sandbox answers in OpenAI's place: all members of the documented objects, whole and in pieces.</summary>
public sealed class AnswerTests(SandboxServer server) : IClassFixture<SandboxServer>
{
    private const string Question = "\"messages\":[{\"role\":\"user\",\"content\":\"Studied `Vec<u8>` & TCP today :tada:\\nThen UDP.\"}]";
    private const string Summary = """
        "response_format":{"type":"json_schema","json_schema":{"name":"s","strict":true,"schema":{"type":"object","additionalProperties":false,"required":["sentences","feedback","nextSteps"],"properties":{
        "sentences":{"type":"array","minItems":1,"items":{"type":"object","additionalProperties":false,"required":["text","sources"],"properties":{"text":{"type":"string"},"sources":{"type":"array","minItems":1,"items":{"type":"string"}}}}},
        "feedback":{"type":"string"},"nextSteps":{"type":"array","items":{"type":"string"}}}}}}
        """;

    [Fact]
    public async Task A_completion_has_all_its_members()
    {
        var (status, body) = await ChatAsync("\"n\":2");

        status.ShouldBe(200);
        body.Select(member => member.Key).ShouldBe(["id", "object", "created", "model", "choices", "usage", "service_tier", "system_fingerprint"]);
        body["id"]!.GetValue<string>().ShouldStartWith("chatcmpl-");
        body["choices"]!.AsArray().Count.ShouldBe(2);
        var choice = body["choices"]![1]!.AsObject();
        (choice["index"]!.GetValue<int>(), choice["finish_reason"]!.GetValue<string>(), choice["logprobs"]).ShouldBe((1, "stop", null));
        choice["message"]!.AsObject().Select(member => member.Key).ShouldBe(["role", "content", "refusal", "annotations"]);
        choice["message"]!["content"]!.GetValue<string>().ShouldContain("`Vec<u8>` & TCP today :tada:");
        var usage = body["usage"]!;
        usage["completion_tokens_details"]!.AsObject().Select(member => member.Key)
            .ShouldBe(["reasoning_tokens", "audio_tokens", "accepted_prediction_tokens", "rejected_prediction_tokens"]);
        usage["total_tokens"]!.GetValue<int>().ShouldBe(usage["prompt_tokens"]!.GetValue<int>() + usage["completion_tokens"]!.GetValue<int>());
    }

    [Fact]
    public async Task Our_schema_gets_the_summary_and_any_other_its_own_shape()
    {
        var ours = JsonNode.Parse(Content(await ChatAsync(Summary)))!;
        ours["sentences"]![0]!["sources"]![0]!.GetValue<string>().ShouldBe("m1");

        var others = JsonNode.Parse(Content(await ChatAsync(Summary.Replace("\"text\":{\"type\":\"string\"}", "\"text\":{\"type\":\"integer\"}", StringComparison.Ordinal))))!;
        others["sentences"]![0]!["text"]!.GetValue<int>().ShouldBe(1);

        var any = JsonNode.Parse(Content(await ChatAsync("""
            "response_format":{"type":"json_schema","json_schema":{"name":"s","strict":true,"schema":{"type":"object","additionalProperties":false,"required":["mood","tags"],"properties":{"mood":{"type":"string","enum":["good","bad"]},"tags":{"type":"array","minItems":2,"items":{"type":"string"}}}}}}
            """)))!;
        (any["mood"]!.GetValue<string>(), any["tags"]!.AsArray().Count).ShouldBe(("good", 2));
    }

    [Fact]
    public async Task A_limit_or_a_stop_ends_the_answer()
    {
        var cut = await ChatAsync("\"max_completion_tokens\":3");
        (Content(cut).Length, Finish(cut), cut.Body["usage"]!["completion_tokens"]!.GetValue<int>()).ShouldBe((12, "length", 3));

        var stopped = await ChatAsync("\"stop\":[\"nowhere\",\"UDP\"]");
        (Content(stopped).Contains("UDP", StringComparison.Ordinal), Finish(stopped)).ShouldBe((false, "stop"));
    }

    [Fact]
    public async Task A_model_that_reasons_spends_its_limit_on_that_first()
    {
        var (_, body) = await server.AskAsync("/v1/chat/completions", $$"""{"model":"sandbox-reasoning","max_completion_tokens":100,{{Question}}}""");

        var choice = body["choices"]![0]!;
        (choice["message"]!["content"]!.GetValue<string>(), choice["finish_reason"]!.GetValue<string>()).ShouldBe(("", "length"));
        body["usage"]!["completion_tokens_details"]!["reasoning_tokens"]!.GetValue<int>().ShouldBe(100);
    }

    [Fact]
    public async Task A_stream_comes_in_chunks_and_ends_with_DONE()
    {
        var whole = Content(await ChatAsync());
        var events = await server.StreamAsync("/v1/chat/completions", Body("\"stream\":true,\"stream_options\":{\"include_usage\":true}"));

        events[^1].Data.ShouldBe("[DONE]");
        events.ShouldAllBe(one => one.Name == null);
        var chunks = events.SkipLast(1).Select(one => JsonNode.Parse(one.Data)!).ToList();
        chunks.ShouldAllBe(chunk => chunk["object"]!.GetValue<string>() == "chat.completion.chunk" && chunk["id"]!.GetValue<string>() == chunks[0]["id"]!.GetValue<string>());
        chunks[0]["choices"]![0]!["delta"]!["role"]!.GetValue<string>().ShouldBe("assistant");
        chunks[^1]["choices"]!.AsArray().ShouldBeEmpty();
        chunks[^1]["usage"]!["completion_tokens"]!.GetValue<int>().ShouldBeGreaterThan(0);
        chunks[^2]["choices"]![0]!["finish_reason"]!.GetValue<string>().ShouldBe("stop");
        chunks.SkipLast(1).ShouldAllBe(chunk => chunk.AsObject().ContainsKey("usage") && chunk["usage"] == null);
        string.Concat(chunks.SkipLast(1).Select(chunk => chunk["choices"]![0]!["delta"]!["content"]?.GetValue<string>())).ShouldBe(whole);

        var without = await server.StreamAsync("/v1/chat/completions", Body("\"stream\":true"));
        without.ShouldAllBe(one => !one.Data.Contains("usage", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_response_has_all_its_members()
    {
        var (status, body) = await server.AskAsync("/v1/responses", """
            {"model":"sandbox-extractive","instructions":"Summarise.","input":"Studied TCP today.","metadata":{"a":"b"},
            "text":{"format":{"type":"json_schema","name":"s","strict":true,"schema":{"type":"object","additionalProperties":false,"required":["title"],"properties":{"title":{"type":"string"}}}}}}
            """);

        status.ShouldBe(200);
        foreach (var name in (string[])[
            "id", "object", "created_at", "completed_at", "status", "background", "error", "incomplete_details", "instructions", "max_output_tokens", "metadata", "model", "output",
            "parallel_tool_calls", "previous_response_id", "reasoning", "service_tier", "store", "temperature", "text", "tool_choice", "tools", "top_p", "truncation", "usage", "user"])
            body.ContainsKey(name).ShouldBeTrue(name);
        (body["object"]!.GetValue<string>(), body["status"]!.GetValue<string>(), body["metadata"]!["a"]!.GetValue<string>()).ShouldBe(("response", "completed", "b"));
        var message = body["output"]!.AsArray().ShouldHaveSingleItem()!;
        message["content"]![0]!["annotations"]!.AsArray().ShouldBeEmpty();
        JsonNode.Parse(message["content"]![0]!["text"]!.GetValue<string>())!["title"]!.GetValue<string>().ShouldNotBeEmpty();
        body["text"]!["format"]!["name"]!.GetValue<string>().ShouldBe("s");
    }

    [Fact]
    public async Task The_events_of_a_response_are_numbered_and_add_up_to_it()
    {
        var events = await server.StreamAsync("/v1/responses", """
            {"model":"sandbox-extractive","stream":true,"input":[{"role":"developer","content":"Be brief."},{"type":"message","role":"user","content":[{"type":"input_text","text":"Studied TCP today."}]}]}
            """);

        var data = events.Select(one => JsonNode.Parse(one.Data)!).ToList();
        events.Select(one => one.Name).ShouldBe(data.Select(one => one["type"]!.GetValue<string>()));
        data.Select(one => one["sequence_number"]!.GetValue<int>()).ShouldBe(Enumerable.Range(0, data.Count));
        events.Select(one => one.Name).Distinct().ShouldBe([
            "response.created", "response.in_progress", "response.output_item.added", "response.content_part.added", "response.output_text.delta",
            "response.output_text.done", "response.content_part.done", "response.output_item.done", "response.completed"]);
        var text = string.Concat(data.Where(one => one["delta"] is not null).Select(one => one["delta"]!.GetValue<string>()));
        data[^1]["response"]!["output"]![0]!["content"]![0]!["text"]!.GetValue<string>().ShouldBe(text);
        data[0]["response"]!["output"]!.AsArray().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"input":"a"}""", 400, "missing_required_parameter", "model")]
    [InlineData("""{"model":"gpt-9","input":"a"}""", 400, "model_not_found", "model")]
    [InlineData("""{"model":"sandbox-extractive"}""", 400, "missing_required_parameter", "input")]
    [InlineData("""{"model":"sandbox-extractive","input":[]}""", 400, "empty_array", "input")]
    [InlineData("""{"model":"sandbox-extractive","input":"a","messages":[]}""", 400, "unknown_parameter", "messages")]
    [InlineData("""{"model":"sandbox-extractive","input":"a","max_output_tokens":3}""", 400, "integer_below_min_value", "max_output_tokens")]
    [InlineData("""{"model":"sandbox-extractive","input":"a","previous_response_id":"resp_1"}""", 400, "previous_response_not_found", "previous_response_id")]
    [InlineData("""{"model":"sandbox-extractive","input":"a","text":{"format":{"type":"json_object"}}}""", 400, null, "input")]
    [InlineData("""{"model":"sandbox-extractive","input":"a","text":{"format":{"type":"json_schema","name":"s","strict":true,"schema":{"type":"object","properties":{}}}}}""", 400, "invalid_json_schema", "text.format.schema")]
    [InlineData("""{"model":"sandbox-extractive","input":[{"role":"user","content":[{"type":"text","text":"a"}]}]}""", 400, "invalid_value", "input[0].content[0].type")]
    [InlineData("""{"model":"sandbox-extractive","input":[{"role":"tool","content":"a"}]}""", 400, "invalid_value", "input[0].role")]
    [InlineData("""{"model":"sandbox-extractive","input":"a","reasoning":{"effort":"low"}}""", 400, "unsupported_parameter", "reasoning.effort")]
    [InlineData("""{"model":"sandbox-extractive","input":"a","background":true}""", 400, "sandbox_lacks", "background")]
    public async Task A_wrong_request_for_a_response_is_refused(string request, int status, string? code, string parameter)
    {
        var (got, body) = await server.AskAsync("/v1/responses", request);

        (got, body["error"]!["code"]?.GetValue<string>(), body["error"]!["param"]?.GetValue<string>()).ShouldBe((status, code, parameter), body.ToJsonString());
    }

    [Theory]
    [InlineData("Bearer sk-two-two-two", 200, null)]
    [InlineData("bearer sk-one", 200, null)]
    [InlineData("Bearer sk-nine-nine-nine", 401, "invalid_api_key")]
    [InlineData("Bearer sk-on", 401, "invalid_api_key")]
    [InlineData("Basic c2stb25l", 401, null)]
    [InlineData("", 401, null)]
    public async Task Keys_are_checked(string authorization, int status, string? code)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Http.BaseAddress!, "/v1/models"));
        using var http = new HttpClient();
        if (authorization.Length > 0) request.Headers.TryAddWithoutValidation("Authorization", authorization);

        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);

        ((int)answer.StatusCode).ShouldBe(status);
        answer.Headers.GetValues("x-request-id").Single().ShouldStartWith("req_");
        if (status == 200) return;
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var error = JsonNode.Parse(text)!["error"]!;
        (error["type"]!.GetValue<string>(), error["code"]?.GetValue<string>()).ShouldBe(("invalid_request_error", code));
        text.ShouldNotContain("sk-nine-nine-nine");
    }

    [Theory]
    [InlineData("GET", "/v1/models/sandbox-extractive", 200, null)]
    [InlineData("GET", "/v1/models/gpt-9", 404, "model_not_found")]
    [InlineData("DELETE", "/v1/models/sandbox-extractive", 405, "method_not_supported")]
    [InlineData("GET", "/v1/chat/completions", 405, "method_not_supported")]
    [InlineData("PUT", "/v1/responses", 405, "method_not_supported")]
    [InlineData("POST", "/v1/embeddings", 404, null)]
    [InlineData("GET", "/v1/responses/resp_1", 404, null)]
    [InlineData("GET", "/v1", 404, null)]
    public async Task What_is_not_there_is_refused_in_JSON(string method, string path, int status, string? code)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));

        using var answer = await server.Http.SendAsync(request, TestContext.Current.CancellationToken);

        ((int)answer.StatusCode).ShouldBe(status);
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        if (status == 200) body["object"]!.GetValue<string>().ShouldBe("model");
        else body["error"]!["code"]?.GetValue<string>().ShouldBe(code);
    }

    [Theory]
    [InlineData("application/json", "{\"model\":")]
    [InlineData("application/json", "")]
    [InlineData("application/json", "[]")]
    [InlineData("application/json", "\"hello\"")]
    [InlineData("application/x-www-form-urlencoded", "model=sandbox-extractive")]
    [InlineData("text/plain", "{}")]
    public async Task What_is_no_JSON_object_is_refused(string type, string content)
    {
        using var answer = await server.Http.PostAsync(
            new Uri("/v1/chat/completions", UriKind.Relative), new StringContent(content, Encoding.UTF8, MediaTypeHeaderValue.Parse(type)), TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["error"]!["type"]!.GetValue<string>().ShouldBe("invalid_request_error");
    }

    [Fact]
    public async Task Every_answer_says_what_is_left_of_the_limit_and_one_too_many_when_to_come_back()
    {
        server.Faults.Settings = server.Faults.AtStart() with { ModelRequestsPerMinute = 2 };
        await server.Http.DeleteAsync(new Uri("/sandbox/ledger", UriKind.Relative), TestContext.Current.CancellationToken);

        var remaining = new List<string>();
        for (var call = 0; call < 3; call++)
        {
            using var answer = await server.Http.PostAsync(
                new Uri("/v1/chat/completions", UriKind.Relative), new StringContent(Body(""), Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
            remaining.Add($"{(int)answer.StatusCode} {answer.Headers.GetValues("x-ratelimit-remaining-requests").Single()} of {answer.Headers.GetValues("x-ratelimit-limit-requests").Single()}");
            answer.Headers.Contains("openai-processing-ms").ShouldBeTrue();
            (answer.Headers.RetryAfter is not null).ShouldBe(call == 2);
        }

        server.Faults.Settings = server.Faults.AtStart();
        remaining.ShouldBe(["200 1 of 2", "200 0 of 2", "429 0 of 2"]);
    }

    private static string Content((int Status, JsonObject Body) answer) => answer.Body["choices"]![0]!["message"]!["content"]!.GetValue<string>();

    private static string Finish((int Status, JsonObject Body) answer) => answer.Body["choices"]![0]!["finish_reason"]!.GetValue<string>();

    private Task<(int Status, JsonObject Body)> ChatAsync(string more = "") => server.AskAsync("/v1/chat/completions", Body(more));

    private static string Body(string more) => $"{{\"model\":\"sandbox-extractive\",{Question}{(more.Length > 0 ? "," : "")}{more}}}";
}
