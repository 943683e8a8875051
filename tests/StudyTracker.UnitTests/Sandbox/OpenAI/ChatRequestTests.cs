using System.Text.Json.Nodes;

namespace StudyTracker.UnitTests.Sandbox.OpenAI;

/// <summary>What the sandbox refuses of <c>/v1/chat/completions</c>, in the words in which OpenAI does.</summary>
public sealed class ChatRequestTests(SandboxServer server) : IClassFixture<SandboxServer>
{
    private const string Chat = "/v1/chat/completions";

    [Theory]
    [InlineData("""{"n":null,"temperature":2,"top_p":0,"stop":"###","user":"u","seed":-5,"metadata":{"a":"b"},"store":true,"service_tier":"flex"}""")]
    [InlineData("""{"max_tokens":5}""")]
    [InlineData("""{"max_completion_tokens":5,"stop":["a","b"],"logit_bias":{"50256":-100},"presence_penalty":-2,"frequency_penalty":2}""")]
    [InlineData("""{"messages":[{"role":"developer","content":"x"},{"role":"user","name":"ann","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]}""")]
    [InlineData("""{"messages":[{"role":"system","content":"only this"}]}""")]
    [InlineData("""{"messages":[{"role":"system","content":[]},{"role":"user","content":""}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":null,"refusal":"no","annotations":[]},{"role":"user","content":"b"}]}""")]
    [InlineData("""{"messages":[{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"4"},{"role":"user","content":"b"}]}""")]
    [InlineData("""{"response_format":{"type":"text"},"logprobs":false,"modalities":["text"],"tools":null}""")]
    [InlineData("""{"model":"sandbox-reasoning","reasoning_effort":"low","temperature":1,"max_completion_tokens":900}""")]
    public async Task What_OpenAI_takes_is_taken(string change) => (await AskAsync(change)).Status.ShouldBe(200);

    [Theory]
    [InlineData("""{"top_k":4}""", "Unrecognized request argument supplied: top_k", null, null)]
    [InlineData("""{"top_k":4,"min_p":1}""", "Unrecognized request arguments supplied: top_k, min_p", null, null)]
    [InlineData("""{"model":null}""", "you must provide a model parameter", null, null)]
    [InlineData("""{"model":7}""", "Invalid type for 'model': expected a string, but got an integer instead.", "model", "invalid_type")]
    [InlineData("""{"temperature":2.1}""", "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 2.1 instead.", "temperature", "decimal_above_max_value")]
    [InlineData("""{"temperature":-1}""", "Invalid 'temperature': decimal below minimum value. Expected a value >= 0, but got -1 instead.", "temperature", "decimal_below_min_value")]
    [InlineData("""{"temperature":"1"}""", "Invalid type for 'temperature': expected a decimal, but got a string instead.", "temperature", "invalid_type")]
    [InlineData("""{"n":0}""", "Invalid 'n': integer below minimum value. Expected a value >= 1, but got 0 instead.", "n", "integer_below_min_value")]
    [InlineData("""{"n":129}""", "Invalid 'n': integer above maximum value. Expected a value <= 128, but got 129 instead.", "n", "integer_above_max_value")]
    [InlineData("""{"n":1.5}""", "Invalid type for 'n': expected an integer, but got a decimal number instead.", "n", "invalid_type")]
    [InlineData("""{"stream":"yes"}""", "Invalid type for 'stream': expected a boolean, but got a string instead.", "stream", "invalid_type")]
    [InlineData("""{"stop":["a","b","c","d","e"]}""", "Invalid 'stop': array too long. Expected an array with maximum length 4, but got an array with length 5 instead.", "stop", "array_above_max_length")]
    [InlineData("""{"max_tokens":0}""", "Invalid 'max_tokens': integer below minimum value. Expected a value >= 1, but got 0 instead.", "max_tokens", "integer_below_min_value")]
    [InlineData("""{"max_tokens":99999}""", "max_tokens is too large: 99999. This model supports at most 16384 completion tokens, whereas you provided 99999.", "max_tokens", "invalid_value")]
    [InlineData("""{"max_tokens":5,"max_completion_tokens":5}""", "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.", "max_tokens", "invalid_parameter_combination")]
    [InlineData("""{"stream_options":{"include_usage":true}}""", "The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options", null)]
    [InlineData("""{"stream":true,"stream_options":{"usage":true}}""", "Unknown parameter: 'stream_options.usage'.", "stream_options.usage", "unknown_parameter")]
    [InlineData("""{"service_tier":"gold"}""", "Invalid value: 'gold'. Supported values are: 'auto', 'default', 'flex', 'scale', 'priority', and 'fast'.", "service_tier", "invalid_value")]
    [InlineData("""{"metadata":{"a":1}}""", "Invalid type for 'metadata.a': expected a string, but got an integer instead.", "metadata.a", "invalid_type")]
    [InlineData("""{"logit_bias":{"5":101}}""", "Invalid 'logit_bias.5': decimal above maximum value. Expected a value <= 100, but got 101 instead.", "logit_bias.5", "decimal_above_max_value")]
    [InlineData("""{"reasoning_effort":"low"}""", "Unrecognized request argument supplied: reasoning_effort", null, null)]
    [InlineData("""{"parallel_tool_calls":true}""", "Invalid value for 'parallel_tool_calls': 'parallel_tool_calls' is only allowed when 'tools' are specified.", "parallel_tool_calls", null)]
    [InlineData("""{"tools":[{"type":"function"}]}""", "The sandbox does not offer tools.", "tools", "sandbox_lacks")]
    [InlineData("""{"logprobs":true}""", "The sandbox does not offer logprobs.", "logprobs", "sandbox_lacks")]
    [InlineData("""{"model":"sandbox-reasoning","max_tokens":5}""", "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.", "max_tokens", "unsupported_parameter")]
    [InlineData("""{"model":"sandbox-reasoning","temperature":0.2}""", "Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported.", "temperature", "unsupported_value")]
    public Task A_wrong_parameter_is_refused_by_name(string change, string message, string? parameter, string? code) => RefusedAsync(change, message, parameter, code);

    [Theory]
    [InlineData("null", "Missing required parameter: 'messages'.", "messages", "missing_required_parameter")]
    [InlineData("[]", "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.", "messages", "empty_array")]
    [InlineData("\"hi\"", "Invalid type for 'messages': expected an array, but got a string instead.", "messages", "invalid_type")]
    [InlineData("[\"hi\"]", "Invalid type for 'messages[0]': expected an object, but got a string instead.", "messages[0]", "invalid_type")]
    [InlineData("""[{"content":"hi"}]""", "Missing required parameter: 'messages[0].role'.", "messages[0].role", "missing_required_parameter")]
    [InlineData("""[{"role":"bot","content":"hi"}]""", "Invalid value: 'bot'. Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'.", "messages[0].role", "invalid_value")]
    [InlineData("""[{"role":"user","content":"a"},{"role":"user"}]""", "Missing required parameter: 'messages[1].content'.", "messages[1].content", "missing_required_parameter")]
    [InlineData("""[{"role":"user","content":null}]""", "Invalid value for 'content': expected a string, got null.", "messages.[0].content", null)]
    [InlineData("""[{"role":"user","content":{"text":"a"}}]""", "Invalid type for 'messages[0].content': expected one of a string or array of objects, but got an object instead.", "messages[0].content", "invalid_type")]
    [InlineData("""[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://x.example/a.png"}}]}]""", "Invalid content type. image_url is only supported by certain models.", "messages.[0].content.[0].type", null)]
    [InlineData("""[{"role":"user","content":[{"type":"text"}]}]""", "Missing required parameter: 'messages[0].content[0].text'.", "messages[0].content[0].text", "missing_required_parameter")]
    [InlineData("""[{"role":"user","content":[{"type":"thinking","thinking":"x"}]}]""", "Invalid value: 'thinking'. Supported values are: 'text', 'image_url', 'input_audio', 'refusal', 'audio', and 'file'.", "messages[0].content[0].type", "invalid_value")]
    [InlineData("""[{"role":"user","content":"a","mood":"good"}]""", "Unknown parameter: 'messages[0].mood'.", "messages[0].mood", "unknown_parameter")]
    [InlineData("""[{"role":"user","content":"a","name":"no spaces"}]""", "Invalid 'messages[0].name': string does not match pattern. Expected a string that matches the pattern '^[^\\s<|\\\\/>]+$'.", "messages[0].name", "invalid_value")]
    [InlineData("""[{"role":"tool","tool_call_id":"c","content":"a"}]""", "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.", "messages.[0].role", null)]
    [InlineData("""[{"role":"assistant","content":"a","tool_calls":[]}]""", "Invalid 'messages[0].tool_calls': empty array. Expected an array with minimum length 1, but got an empty array instead.", "messages[0].tool_calls", "empty_array")]
    public Task Wrong_messages_are_refused_by_their_place(string messages, string message, string parameter, string? code) =>
        RefusedAsync($$"""{"messages":{{messages}} }""", message, parameter, code);

    [Theory]
    [InlineData("""{"type":"yaml"}""", "Invalid value: 'yaml'. Supported values are: 'json_object', 'json_schema', and 'text'.", "response_format.type", "invalid_value")]
    [InlineData("""{}""", "Missing required parameter: 'response_format.type'.", "response_format.type", "missing_required_parameter")]
    [InlineData("""{"type":"json_schema"}""", "Missing required parameter: 'response_format.json_schema'.", "response_format.json_schema", "missing_required_parameter")]
    [InlineData("""{"type":"json_schema","json_schema":{"schema":{"type":"object"}}}""", "Missing required parameter: 'response_format.json_schema.name'.", "response_format.json_schema.name", "missing_required_parameter")]
    [InlineData("""{"type":"json_schema","json_schema":{"name":"my schema","schema":{"type":"object"}}}""", "Invalid 'response_format.json_schema.name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.", "response_format.json_schema.name", "invalid_value")]
    [InlineData("""{"type":"json_schema","json_schema":{"name":"a","schema":{"type":"object"},"mode":"x"}}""", "Unknown parameter: 'response_format.json_schema.mode'.", "response_format.json_schema.mode", "unknown_parameter")]
    [InlineData("""{"type":"json_schema","json_schema":{"name":"a","strict":true,"schema":{"type":"object","properties":{}}}}""", "Invalid schema for response_format 'a': In context=(), 'additionalProperties' is required to be supplied and to be false.", "response_format", null)]
    [InlineData("""{"type":"json_object"}""", "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.", "messages", null)]
    public Task A_wrong_response_format_is_refused(string format, string message, string parameter, string? code) =>
        RefusedAsync($$"""{"response_format":{{format}} }""", message, parameter, code);

    [Fact]
    public async Task A_model_that_is_not_there_is_not_found()
    {
        var (status, body) = await AskAsync("""{"model":"gpt-9"}""");

        (status, body["error"]!["code"]!.GetValue<string>()).ShouldBe((404, "model_not_found"));
        body["error"]!["message"]!.GetValue<string>().ShouldBe("The model `gpt-9` does not exist or you do not have access to it.");
    }

    [Fact]
    public async Task A_prompt_longer_than_the_model_reads_is_refused()
    {
        server.Faults.Settings = server.Faults.AtStart() with { ModelContextTokens = 100 };

        var (status, body) = await AskAsync($$"""{"messages":[{"role":"user","content":"{{new string('x', 1_000)}}"}]}""");
        server.Faults.Settings = server.Faults.AtStart();

        (status, body["error"]!["code"]!.GetValue<string>(), body["error"]!["param"]!.GetValue<string>()).ShouldBe((400, "context_length_exceeded", "messages"));
        body["error"]!["message"]!.GetValue<string>().ShouldStartWith("This model's maximum context length is 100 tokens. However, your messages resulted in 256 tokens.");
    }

    private async Task RefusedAsync(string change, string message, string? parameter, string? code)
    {
        var (status, body) = await AskAsync(change);

        status.ShouldBe(400, body.ToJsonString());
        var error = body["error"]!.AsObject();
        error.Select(member => member.Key).ShouldBe(["message", "type", "param", "code"]);
        (error["message"]!.GetValue<string>(), error["type"]!.GetValue<string>()).ShouldBe((message, "invalid_request_error"));
        (error["param"]?.GetValue<string>(), error["code"]?.GetValue<string>()).ShouldBe((parameter, code));
    }

    /// <summary>Asks with a good request, changed.</summary>
    private Task<(int Status, JsonObject Body)> AskAsync(string change)
    {
        var request = JsonNode.Parse("""{"model":"sandbox-extractive","messages":[{"role":"user","content":"Studied TCP today."}]}""")!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(change)!.AsObject()) request[name] = value?.DeepClone();
        return server.AskAsync(Chat, request.ToJsonString());
    }
}
