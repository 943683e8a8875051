using System.Text.Json.Nodes;
using StudyTracker.Sandbox.Faults;

namespace StudyTracker.UnitTests.Sandbox.OpenAI;

/// <summary>What goes wrong on purpose at the model: each kind can be asked for, and looks as it was seen in the field.</summary>
public sealed class ModelFaultTests(SandboxServer server) : IClassFixture<SandboxServer>
{
    private const string Request = """
        {"model":"sandbox-extractive","max_completion_tokens":900,"messages":[{"role":"user","content":"Studied TCP today, and wrote it down in some words."}],
        "response_format":{"type":"json_schema","json_schema":{"name":"s","strict":true,"schema":{"type":"object","additionalProperties":false,"required":["sentences","feedback","nextSteps"],"properties":{
        "sentences":{"type":"array","items":{"type":"object","additionalProperties":false,"required":["text","sources"],"properties":{"text":{"type":"string"},"sources":{"type":"array","items":{"type":"string"}}}}},
        "feedback":{"type":"string"},"nextSteps":{"type":"array","items":{"type":"string"}}}}}}}
        """;

    [Fact]
    public void Every_fault_has_its_share_and_its_place()
    {
        var names = typeof(ModelFaults).GetProperties().Where(property => property.PropertyType == typeof(double)).Select(property => property.Name).ToList();

        names.ShouldBe(Enum.GetNames<ModelFault>().Skip(1));
        foreach (var (name, index) in names.Select((name, index) => (name, index)))
        {
            var faults = new ModelFaults();
            typeof(ModelFaults).GetProperty(name)!.SetValue(faults, 1.0);
            Array.IndexOf(faults.Shares, 1.0).ShouldBe(index, name);
        }
    }

    [Theory]
    [InlineData("codeFence", "```json\n{")]
    [InlineData("chatter", "Sure! Here is the JSON that you asked for:\n\n{")]
    [InlineData("thinkTags", "<think>")]
    public async Task A_good_answer_is_wrapped(string fault, string beginning)
    {
        var body = await AskAsync(fault);

        var content = body["choices"]![0]!["message"]!["content"]!.GetValue<string>();
        content.ShouldStartWith(beginning);
        JsonNode.Parse(content[content.IndexOf("{\"sentences\"", StringComparison.Ordinal)..(content.LastIndexOf('}') + 1)])!["feedback"].ShouldNotBeNull();
    }

    [Fact]
    public async Task Faults_of_several_forms_take_turns()
    {
        var finishes = new List<string?>();
        for (var call = 0; call < 3; call++) finishes.Add((await AskAsync("oddFinishReason", keep: call > 0))["choices"]![0]!["finish_reason"]?.GetValue<string>());
        finishes.ShouldBe(["", "eos", null], ignoreOrder: true);

        var sources = new List<string>();
        for (var call = 0; call < 3; call++)
            sources.Add(JsonNode.Parse((await AskAsync("oddSources", keep: call > 0))["choices"]![0]!["message"]!["content"]!.GetValue<string>())!["sentences"]![0]!["sources"]!.ToJsonString());
        sources.ShouldBe(["[1]", "[\"1\"]", "[\"[m1]\"]"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("contentParts", "$.choices[0].message.content[1].text")]
    [InlineData("sparse", "-id,object,created,model")]
    [InlineData("noUsage", "-usage")]
    [InlineData("noChoices", "$.choices")]
    [InlineData("refusal", "$.choices[0].message.refusal")]
    [InlineData("errorInside", "$.error.code")]
    public async Task Members_are_missing_or_of_another_form(string fault, string look)
    {
        var body = await AskAsync(fault);

        if (look[0] == '-') look[1..].Split(',').ShouldAllBe(name => !body.ContainsKey(name));
        else look[2..].Split('.', '[').Aggregate((JsonNode?)body, (node, step) => step.EndsWith(']') ? node?[step[0] - '0'] : node?[step]).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("reasoningOnly", "length", "")]
    [InlineData("contentFilter", "content_filter", "{\"sentences\":")]
    [InlineData("truncated", "length", "{\"sentences\":")]
    [InlineData("nonsense", "stop", "Sure! ")]
    public async Task An_answer_is_none(string fault, string finish, string beginning)
    {
        var choice = (await AskAsync(fault))["choices"]![0]!;

        choice["finish_reason"]!.GetValue<string>().ShouldBe(finish);
        choice["message"]!["content"]!.GetValue<string>().ShouldStartWith(beginning);
    }

    [Theory]
    [InlineData("paymentRequired", 402)]
    [InlineData("quotaSpent", 429)]
    [InlineData("contextExceeded", 400)]
    [InlineData("schemaRefused", 400)]
    [InlineData("schemaUnprocessable", 422)]
    [InlineData("newLimitUnprocessable", 422)]
    [InlineData("serverError", 500)]
    public async Task A_call_is_refused(string fault, int status)
    {
        Set(fault);

        var (got, body) = await server.AskAsync("/v1/chat/completions", Request);

        got.ShouldBe(status);
        body["error"]!["message"]!.GetValue<string>().ShouldNotBeEmpty();
        Reset();
    }

    [Theory]
    [InlineData("schemaRefused")]
    [InlineData("schemaUnprocessable")]
    [InlineData("newLimitUnprocessable")]
    public async Task What_is_not_asked_for_is_not_refused(string fault)
    {
        Set(fault);

        (await server.AskAsync("/v1/chat/completions", """{"model":"sandbox-extractive","messages":[{"role":"user","content":"Studied TCP."}]}""")).Status.ShouldBe(200);
        Reset();
    }

    [Fact]
    public async Task The_usage_tells_that_the_prompt_was_cut()
    {
        var honest = (await AskAsync("noSuchFault"))["usage"]!["prompt_tokens"]!.GetValue<int>();

        (await AskAsync("usageTooLow"))["usage"]!["prompt_tokens"]!.GetValue<int>().ShouldBe(honest / 20);
    }

    [Fact]
    public async Task A_page_a_stream_or_half_an_answer_comes_in_place_of_JSON()
    {
        using var page = await PostAsync("htmlPage");
        (await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldStartWith("<!DOCTYPE html>");

        using var stream = await PostAsync("unaskedStream");
        (await stream.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldEndWith("data: [DONE]\n\n");

        await Should.ThrowAsync<HttpRequestException>(() => PostAsync("brokenOff"));
        Reset();
    }

    private async Task<HttpResponseMessage> PostAsync(string fault)
    {
        Set(fault);
        return await server.Http.PostAsync(
            new Uri("/v1/chat/completions", UriKind.Relative), new StringContent(Request, System.Text.Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
    }

    private async Task<JsonObject> AskAsync(string fault, bool keep = false)
    {
        if (!keep) Set(fault);
        var (status, body) = await server.AskAsync("/v1/chat/completions", Request);
        status.ShouldBe(200);
        return body;
    }

    private void Set(string fault)
    {
        var (settings, problem) = SettingsEndpoints.Merge(
            server.Faults.AtStart(), fault == "noSuchFault" ? [] : new JsonObject { ["model"] = new JsonObject { [fault] = 1 } });
        problem.ShouldBeNull();
        server.Faults.Settings = settings;
    }

    private void Reset() => server.Faults.Settings = server.Faults.AtStart();
}
