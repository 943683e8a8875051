using System.ClientModel;
using System.Text;
using StudyTracker.Summarizer.Summaries;

namespace StudyTracker.UnitTests.Summarizer.Summaries;

public sealed class ModelFailureTests
{
    private static readonly DateTimeOffset _now = new(2026, 10, 21, 7, 27, 0, TimeSpan.Zero);

    /// <summary>Status, text of the error, then what it means: outcome, and what comes of it.</summary>
    public static TheoryData<int, string, string, string> Statuses => new()
    {
        { 429, "Rate limit reached", "rate_limited", "RateLimited" },
        { 429, "You exceeded your current quota (insufficient_quota)", "quota", "Everybody" },
        { 401, "Incorrect API key", "unauthorized", "Everybody" },
        { 403, "Country not supported", "unauthorized", "Everybody" },
        { 404, "model not found", "not_found", "Everybody" },
        { 302, "", "redirected", "Everybody" },
        { 408, "", "server_error", "Passing" },
        { 409, "", "server_error", "Passing" },
        { 500, "", "server_error", "Passing" },
        { 502, "<html>", "server_error", "Passing" },
        { 503, "overloaded", "server_error", "Passing" },
        { 400, "context_length_exceeded", "too_long", "TooLong" },
        { 400, "The response was filtered (content_filter), says Azure", "filtered", "Final" },
        { 422, "", "refused", "Unexplained" },
        { 425, "", "server_error", "Passing" },
        { 498, """{"error":{"message":"Flex capacity exceeded"}}""", "server_error", "Passing" },
        { 499, "", "server_error", "Passing" },
        { 524, "<html>A timeout occurred</html>", "server_error", "Passing" },
        { 529, """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""", "server_error", "Passing" },
        { 407, "", "unauthorized", "Everybody" },
        { 511, "<html><title>Sign in</title>", "nonsense", "Everybody" },
        { 200, "<html><title>Sign in</title>", "nonsense", "Everybody" },

        // Empty accounts, as DeepSeek, OpenRouter, OpenAI, Anthropic, Zhipu and LiteLLM say it.
        { 402, """{"error":{"message":"Insufficient Balance","type":"unknown_error","param":null,"code":"invalid_request_error"}}""", "quota", "Everybody" },
        { 200, """{"error":{"code":402,"message":"This request requires more credits"},"user_id":"u"}""", "quota", "Everybody" },
        { 200, """{"error":{"code":"402","message":"x"}}""", "quota", "Everybody" },
        { 429, """{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}""", "quota", "Everybody" },
        { 429, """{"error":{"message":"Billing hard limit has been reached","type":"invalid_request_error","code":"billing_hard_limit_reached"}}""", "quota", "Everybody" },
        { 400, """{"error":{"message":"Your credit balance is too low to access the API","type":"invalid_request_error"}}""", "quota", "Everybody" },
        { 429, """{"error":{"code":"1113","message":"余额不足或无可用资源包,请充值。"}}""", "quota", "Everybody" },
        { 500, """{"error":{"message":"litellm.APIError: OpenAIException - insufficient_quota","type":null,"code":"500"}}""", "quota", "Everybody" },
        { 403, """{"error":{"message":"The account is suspended","code":"account_deactivated"}}""", "unauthorized", "Everybody" },

        // Keys, models and places, also as a 400.
        { 400, """[{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}]""", "unauthorized", "Everybody" },
        { 400, """{"code":"Client specified an invalid argument","error":"Incorrect API key provided: xa***ey."}""", "unauthorized", "Everybody" },
        { 400, """{"error":{"code":400,"message":"User location is not supported for the API use.","status":"FAILED_PRECONDITION"}}""", "unauthorized", "Everybody" },
        { 403, """{"error":{"code":"unsupported_country_region_territory","message":"Country, region, or territory not supported"}}""", "unauthorized", "Everybody" },
        { 400, """{"error":{"message":"Model Not Exist","code":"model_not_found"}}""", "not_found", "Everybody" },
        { 400, """{"error":{"message":"The model `llama2` does not exist or you do not have access to it."}}""", "not_found", "Everybody" },
        { 400, """{"error":{"message":"The model `mixtral` has been decommissioned","code":"model_decommissioned"}}""", "not_found", "Everybody" },
        { 400, """{"error":{"message":"some/model is not a valid model ID","code":400}}""", "not_found", "Everybody" },
        { 400, """{"detail":"unsupported model"}""", "not_found", "Everybody" },
        { 404, """{"error":"model \"qwen\" not found, try pulling it first"}""", "not_found", "Everybody" },

        // A prompt that the content filter refuses is one job's.
        { 400, """{"error":{"message":"The response was filtered due to the prompt triggering Azure OpenAI's content management policy.","param":"prompt","code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation","content_filter_result":{"hate":{"filtered":true}}}}}""", "filtered", "Final" },
        { 400, """{"error":{"message":"litellm.ContentPolicyViolationError: AzureException - triggering Azure OpenAI's content management policy","code":"400","provider_specific_fields":{"innererror":{"code":"ResponsibleAIPolicyViolation"}}}}""", "filtered", "Final" },
        { 403, """{"error":{"code":403,"message":"Your chosen model requires moderation and your input was flagged","metadata":{"reasons":["violence"]}}}""", "filtered", "Final" },
        { 400, """{"error":{"code":"data_inspection_failed","message":"Input data may contain inappropriate content."}}""", "filtered", "Final" },
        { 200, """{"error":{"code":"content_policy_violation","message":"rejected"}}""", "filtered", "Final" },

        // Rate limits that look like something else, and the reverse.
        { 429, """[{"error":{"code":429,"message":"You exceeded your current quota, please check your plan and billing details.","status":"RESOURCE_EXHAUSTED"}}]""", "rate_limited", "RateLimited" },
        { 200, """{"error":{"code":429,"message":"upstream busy"}}""", "rate_limited", "RateLimited" },
        { 400, """{"error":{"message":"Rate limit reached for requests","code":"rate_limit_exceeded"}}""", "rate_limited", "RateLimited" },
        { 429, """{"error":{"message":"Rate limit reached on tokens per minute (TPM): Limit 30000, Used 29000, Requested 4000.","code":"rate_limit_exceeded"}}""", "rate_limited", "RateLimited" },
        { 200, """{"error":{"code":502,"message":"Provider returned error"}}""", "server_error", "Passing" },
        { 200, """{"error":{"message":"who knows"}}""", "server_error", "Passing" },
        { 400, """{"error":{"message":"bad luck"}}""", "refused", "Unexplained" },
    };

    [Theory]
    [MemberData(nameof(Statuses))]
    public void A_status_means(int status, string message, string outcome, string kind)
    {
        var failure = Of(status, message);

        (failure.Outcome, $"{failure.Kind}").ShouldBe((outcome, kind));
        failure.RetryAfter.ShouldBeNull();
    }

    /// <summary>Which parameter is left out, and how much of what is asked for in its place.</summary>
    [Theory]
    [InlineData(400, """{"error":{"message":"This response_format type is unavailable now","type":"invalid_request_error","param":null,"code":"invalid_request_error"}}""", "ResponseFormat", false)]
    [InlineData(400, """{"error":{"message":"Invalid parameter: 'response_format' of type 'json_schema' is not supported with model version `gpt-4o`.","param":"response_format"}}""", "ResponseFormat", false)]
    [InlineData(400, """{"error":{"message":"Invalid value: 'json_schema'. Supported values are: 'json_object' and 'text'.","param":"response_format.type","code":"invalid_value"}}""", "ResponseFormat", false)]
    [InlineData(400, """{"error":"'response_format.type' must be 'json_object' or 'text'"}""", "ResponseFormat", false)]
    [InlineData(422, """{"detail":[{"type":"literal_error","loc":["body","response_format","type"],"msg":"Input should be 'text' or 'json_object'","input":"json_schema"}]}""", "ResponseFormat", false)]
    [InlineData(422, """Failed to deserialize the JSON body into the target type: response_format: unknown variant `json_schema`, expected `text` at line 1""", "ResponseFormat", false)]
    [InlineData(400, """{"object":"error","message":"guided decoding is not available with this backend","type":"BadRequestError","param":null,"code":400}""", "ResponseFormat", false)]
    [InlineData(500, """{"error":{"message":"structured outputs are not supported by this model"}}""", "ResponseFormat", false)]
    [InlineData(400, """{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\"error\":{\"message\":\"json_schema is not supported\"}}","provider_name":"P"}}}""", "ResponseFormat", false)]
    [InlineData(400, """{"error":{"message":"Unrecognized request argument supplied: response_format","type":"invalid_request_error"}}""", "ResponseFormat", true)]
    [InlineData(422, """{"detail":[{"type":"extra_forbidden","loc":["body","response_format"],"msg":"Extra inputs are not permitted","input":{"type":"json_schema"}}]}""", "ResponseFormat", true)]
    [InlineData(422, """{"detail":[{"type":"extra_forbidden","loc":["body","max_completion_tokens"],"msg":"Extra inputs are not permitted","input":1200}]}""", "OutputLimit", true)]
    [InlineData(422, """{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","max_completion_tokens"],"msg":"Extra inputs are not permitted"}]},"type":"invalid_request_error"}""", "OutputLimit", true)]
    [InlineData(400, """{"object":"error","message":"[{'type': 'extra_forbidden', 'loc': ('body', 'max_completion_tokens'), 'msg': 'Extra inputs are not permitted', 'input': 1200}]","type":"BadRequestError","code":400}""", "OutputLimit", true)]
    [InlineData(400, """[{"error":{"code":400,"message":"Invalid JSON payload received. Unknown name \"max_completion_tokens\": Cannot find field.","status":"INVALID_ARGUMENT"}}]""", "OutputLimit", true)]
    [InlineData(400, """{"error":{"message":"Unsupported parameter: 'max_completion_tokens' is not supported with this model. Use 'max_tokens' instead.","param":"max_completion_tokens","code":"unsupported_parameter"}}""", "OutputLimit", false)]
    [InlineData(400, """{"error":{"message":"System role not supported"}}""", "SystemRole", false)]
    [InlineData(400, """{"error":{"code":400,"message":"Developer instruction is not enabled for models/gemma-3-27b-it"}}""", "SystemRole", false)]
    [InlineData(400, """{"object":"error","message":"Conversation roles must alternate user/assistant/user/assistant/...","code":400}""", "SystemRole", false)]
    [InlineData(422, """{"error":{"message":"Unknown parameter: 'stream'.","param":"stream","code":"unknown_parameter"}}""", "Stream", true)]
    public void A_parameter_that_a_server_does_not_know_is_found_in_its_words(int status, string body, string parameter, bool isUnknown)
    {
        var failure = Of(status, body);

        (failure.Kind, $"{failure.Refused}", failure.IsUnknown).ShouldBe((FailureKind.Unsupported, parameter, isUnknown));
    }

    /// <summary>What is left of a prompt; 0 when the server gives no figures.</summary>
    [Theory]
    [InlineData(400, """{"error":{"message":"This model's maximum context length is 128000 tokens. However, your messages resulted in 256000 tokens. Please reduce the length of the messages.","param":"messages","code":"context_length_exceeded"}}""", 0.49, 0.5)]
    [InlineData(400, """{"object":"error","message":"This model's maximum context length is 16384 tokens. However, you requested 33968 tokens (32768 in the messages, 1200 in the completion). Please reduce the length of the messages or completion.","code":400}""", 0.4, 0.5)]
    [InlineData(400, """{"error":{"code":400,"message":"the request exceeds the available context size, try increasing it","type":"exceed_context_size_error","n_prompt_tokens":9000,"n_ctx":4096}}""", 0.3, 0.35)]
    [InlineData(400, """{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 210000 tokens > 200000 maximum"}}""", 0.9, 1)]
    [InlineData(400, """{"error":{"code":400,"message":"The input token count (2,097,152) exceeds the maximum number of tokens allowed (1,048,576)."}}""", 0.45, 0.5)]
    [InlineData(422, """{"error":"Input validation error: `inputs` tokens + `max_new_tokens` must be <= 8192. Given: 9000 `inputs` tokens and 1200 `max_new_tokens`","error_type":"validation"}""", 0.6, 0.8)]
    [InlineData(400, """{"error":{"message":"Invalid 'messages[1].content': string too long. Expected a string with maximum length 1048576, but got a string with length 2097152 instead.","code":"string_above_max_length"}}""", 0.45, 0.5)]
    [InlineData(413, """{"error":{"message":"Request too large for model on tokens per minute (TPM): Limit 6000, Requested 9000, please reduce your message size and try again.","type":"tokens","code":"rate_limit_exceeded"}}""", 0.5, 0.6)]
    [InlineData(429, """{"error":{"message":"Request too large for gpt-4o on tokens per min (TPM): Limit 30000, Requested 40000. The input or output tokens must be reduced in order to run successfully.","code":"rate_limit_exceeded"}}""", 0.6, 0.75)]
    [InlineData(400, """{"error":"Trying to keep the first 9000 tokens when context overflows. However, the model is loaded with context length of only 4096 tokens, which is not enough."}""", 0.3, 0.35)]
    [InlineData(413, "<html><head><title>413 Request Entity Too Large</title></head></html>", 0, 0)]
    [InlineData(500, """{"error":{"message":"the prompt exceeds the context window"}}""", 0, 0)]
    public void A_prompt_that_is_too_long_is_shortened_by_the_servers_figures(int status, string body, double least, double most)
    {
        var failure = Of(status, body);

        failure.Kind.ShouldBe(FailureKind.TooLong);
        failure.Share.ShouldBeInRange(least, most);
    }

    [Theory]
    [InlineData("""{"error":{"message":"max_tokens is too large: 1200. This model supports at most 1024 completion tokens, whereas you provided 1200.","param":"max_tokens"}}""", 1024)]
    [InlineData("""{"error":{"message":"Invalid max_tokens value, the valid range of max_tokens is [1, 800]"}}""", 800)]
    [InlineData("""{"error":{"message":"`max_completion_tokens` must be less than or equal to `512`, the maximum value for `max_completion_tokens` is less than the `context_window` for this model"}}""", 512)]
    [InlineData("""{"message":"'max_completion_tokens' is too large: 1200. This model's maximum context length is 1024 tokens and your request has 900 input tokens (1200 > 1024 - 900).","code":400}""", 450)]
    public void An_answer_that_may_not_be_so_long_is_asked_for_shorter(string body, int tokens)
    {
        var failure = Of(400, body);

        (failure.Kind, failure.Limit).ShouldBe((FailureKind.AnswerTooLong, tokens));
    }

    public static TheoryData<Exception> Silence =>
    [
        new HttpRequestException("refused"),
        new TaskCanceledException("time-out"),
        new IOException("reset"),
        new AggregateException(new HttpRequestException("refused")),
        new ClientResultException("no answer"),
    ];

    [Theory]
    [MemberData(nameof(Silence))]
    public void No_answer_is_worth_repeating(Exception error)
    {
        var failure = ModelFailure.Of(error);

        (failure.Outcome, failure.Kind).ShouldBe(("unreachable", FailureKind.Passing));
    }

    private static ModelFailure Of(int status, string body, params (string Name, string Value)[] headers)
    {
        var error = ModelError.Read(status, Encoding.UTF8.GetBytes(body));
        return ModelFailure.Of(error, error.Message, new AnswerHeaders(headers), ModelDialect.Of(new ModelOptions()), _now);
    }
}
