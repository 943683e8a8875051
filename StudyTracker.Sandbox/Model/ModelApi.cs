using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using StudyTracker.Sandbox.Faults;
using StudyTracker.Sandbox.Ledger;
using StudyTracker.Sandbox.WebApi;

namespace StudyTracker.Sandbox.Model;

/// <summary><c>/v1/chat/completions</c>: OpenAI's side, with <see cref="ExtractiveModel"/> behind it.</summary>
internal sealed class ModelApi(FaultInjector faults, RateLimits limits, SandboxLedger ledger, TimeProvider time)
{
    private const int CharactersPerToken = 4;

    public async Task CompleteAsync(HttpContext context)
    {
        context.Response.Headers["x-request-id"] = $"req_{Guid.NewGuid():n}";
        if (!IsAuthorized(context.Request))
        {
            await RefuseAsync(context, StatusCodes.Status401Unauthorized, "Send an API key as a bearer token.", "invalid_request_error", code: "invalid_api_key");
            return;
        }

        var (request, problem, parameter) = await ReadAsync(context);
        if (request is null)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, problem!, "invalid_request_error", parameter);
            return;
        }

        var settings = faults.Settings;
        if (settings.ModelRequestsPerMinute > 0
            && limits.TakeCall("model", "chat.completions", settings.ModelRequestsPerMinute) is { Ticks: > 0 } wait)
        {
            await RateLimitAsync(context, wait);
            return;
        }

        var (fault, jitter) = faults.NextForModel();
        if (fault == ModelFault.RateLimited)
        {
            await RateLimitAsync(context, TimeSpan.FromSeconds(1));
            return;
        }

        var delayMs = fault == ModelFault.Hang ? settings.HangMs : settings.ModelLatencyMs + jitter * settings.ModelJitterMs;
        if (fault == ModelFault.Hang || !await WaitAsync(delayMs, context.RequestAborted))
        {
            Record(CallOutcome.Failed, 0, 0);
            if (fault == ModelFault.Hang) await WaitAsync(delayMs, context.RequestAborted);
            context.Abort();
        }
        else if (fault == ModelFault.ServerError) await RefuseAsync(context, StatusCodes.Status500InternalServerError, "The server had an error.", "server_error");
        else await AnswerAsync(context, request, fault);
    }

    /// <summary>Whether the caller waited too.</summary>
    private async Task<bool> WaitAsync(double milliseconds, CancellationToken aborted)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), time, aborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !aborted.IsCancellationRequested;
    }

    private async Task AnswerAsync(HttpContext context, ChatRequest request, ModelFault fault)
    {
        var summary = ExtractiveModel.Summarise(SummaryPrompt.Read(request.Question));
        var content = request.WantsJson
            ? JsonSerializer.Serialize(summary, SandboxJson.Options)
            : string.Join("\n", summary.Sentences.Select(sentence => sentence.Text).Append(summary.Feedback));
        var cut = fault == ModelFault.Truncated ? content.Length / 2 : (request.MaxTokens ?? int.MaxValue / CharactersPerToken) * CharactersPerToken;
        var isCut = cut < content.Length;
        if (isCut) content = content[..cut];
        if (fault == ModelFault.Nonsense) content = "Sure! Here is the summary you asked for: {\"sentences\": [oops";

        var (prompt, completion) = (Tokens(request.Prompt), Tokens(content));
        Record(fault == ModelFault.None ? CallOutcome.Ok : CallOutcome.Failed, prompt, completion);
        await WriteAsync(context, StatusCodes.Status200OK, new JsonObject
        {
            ["id"] = $"chatcmpl-{Guid.NewGuid():n}",
            ["object"] = "chat.completion",
            ["created"] = time.GetUtcNow().ToUnixTimeSeconds(),
            ["model"] = request.Model,
            ["choices"] = new JsonArray(new JsonObject
            {
                ["index"] = 0,
                ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = content, ["refusal"] = null },
                ["logprobs"] = null,
                ["finish_reason"] = isCut ? "length" : "stop",
            }),
            ["usage"] = new JsonObject
            {
                ["prompt_tokens"] = prompt,
                ["completion_tokens"] = completion,
                ["total_tokens"] = prompt + completion,
                ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = 0 },
                ["completion_tokens_details"] = new JsonObject { ["reasoning_tokens"] = 0 },
            },
        });
    }

    /// <summary>Answers with OpenAI's form of an error.</summary>
    private Task RefuseAsync(HttpContext context, int status, string message, string type, string? parameter = null, string? code = null)
    {
        Record(status == StatusCodes.Status429TooManyRequests ? CallOutcome.RateLimited : CallOutcome.Failed, 0, 0);
        return WriteAsync(context, status, new JsonObject
        {
            ["error"] = new JsonObject { ["message"] = message, ["type"] = type, ["param"] = parameter, ["code"] = code },
        });
    }

    private Task RateLimitAsync(HttpContext context, TimeSpan wait)
    {
        context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return RefuseAsync(context, StatusCodes.Status429TooManyRequests, "Rate limit reached.", "requests", code: "rate_limit_exceeded");
    }

    private void Record(CallOutcome outcome, int prompt, int completion) =>
        ledger.Record(new ModelCalled(time.GetUtcNow(), outcome, prompt, completion));

    private static async Task<(ChatRequest? Request, string? Problem, string? Parameter)> ReadAsync(HttpContext context)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            return ChatRequest.Read(body.RootElement);
        }
        catch (JsonException)
        {
            return (null, "We could not parse the JSON body of your request.", null);
        }
    }

    private static Task WriteAsync(HttpContext context, int status, JsonObject body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body.ToJsonString(), context.RequestAborted);
    }

    private static bool IsAuthorized(HttpRequest request) =>
        AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header)
        && header.Scheme == "Bearer" && !string.IsNullOrWhiteSpace(header.Parameter);

    private static int Tokens(string text) => (text.Length + CharactersPerToken - 1) / CharactersPerToken;
}

/// <summary>Where the model is.</summary>
internal static class ModelEndpoints
{
    public static void MapModel(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/v1/chat/completions", (HttpContext context, ModelApi model) => model.CompleteAsync(context));
        endpoints.MapGet("/v1/models", () => new JsonObject
        {
            ["object"] = "list",
            ["data"] = new JsonArray(new JsonObject
            {
                ["id"] = "sandbox-extractive",
                ["object"] = "model",
                ["created"] = 1_767_225_600,
                ["owned_by"] = "sandbox",
            }),
        });
    }
}
