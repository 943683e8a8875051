using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using StudyTracker.Sandbox.Faults;
using StudyTracker.Sandbox.Ledger;

namespace StudyTracker.Sandbox.OpenAI;

/// <summary>What every call of OpenAI's API passes: the key, the limits, and what goes wrong on purpose.</summary>
internal sealed class ModelGate(IOptions<SandboxOptions> options, FaultInjector faults, RequestLimit limit, SandboxLedger ledger, TimeProvider time)
{
    private const string Organization = "org-sandbox";
    private const int Unlimited = 1_000_000;
    private static readonly object _startedKey = new();
    private readonly List<byte[]> _keys = [.. options.Value.EffectiveApiKeys.Select(Encoding.UTF8.GetBytes)];

    /// <summary>Writes what every answer carries, and whether the caller may ask at all; when not, that is answered.</summary>
    public async Task<bool> AdmitAsync(HttpContext context)
    {
        context.Items[_startedKey] = Stopwatch.GetTimestamp();
        var headers = context.Response.Headers;
        headers["x-request-id"] = $"req_{Guid.NewGuid():n}";
        headers["openai-organization"] = Organization;
        headers["openai-version"] = "2020-10-01";
        if (KeyProblem(context.Request) is not { } problem) return true;
        await RefuseAsync(context, problem);
        return false;
    }

    /// <summary>The body; else what is wrong with it.</summary>
    public static async Task<(JsonDocument? Body, ApiError? Error)> ReadAsync(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
        {
            return (null, ApiError.Bad(
                $"Unsupported content type: '{context.Request.ContentType}'. This API method only accepts 'application/json' requests, but you specified the header 'Content-Type: {context.Request.ContentType}'.",
                code: "unsupported_content_type"));
        }

        try
        {
            return (await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted), null);
        }
        catch (JsonException)
        {
            return (null, ApiError.Bad(
                "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON.)"));
        }
        catch (BadHttpRequestException error)
        {
            return (null, new ApiError(error.StatusCode, "The body of your request is too large."));
        }
    }

    /// <summary>Lets a call through, after the time that the model takes. When it does not pass, that is answered.</summary>
    /// <returns>Whether it passed, what is to go wrong with its answer, and the call's number.</returns>
    public async Task<(bool Passed, ModelFault Fault, long Number)> PassAsync(HttpContext context, string model)
    {
        var settings = faults.Settings;
        var (wait, remaining, reset) = settings.ModelRequestsPerMinute > 0 ? limit.Take(settings.ModelRequestsPerMinute) : (TimeSpan.Zero, Unlimited - 1, TimeSpan.Zero);
        WriteLimits(context.Response.Headers, settings.ModelRequestsPerMinute > 0 ? settings.ModelRequestsPerMinute : Unlimited, remaining, reset);
        var (fault, jitter, number) = faults.NextForModel();
        if (wait > TimeSpan.Zero || fault == ModelFault.RateLimited)
        {
            await RateLimitAsync(context, model, wait > TimeSpan.Zero ? wait : TimeSpan.FromSeconds(1), settings.ModelRequestsPerMinute);
            return (false, fault, number);
        }

        var delayMs = fault == ModelFault.Hang ? settings.HangMs : settings.ModelLatencyMs + jitter * settings.ModelJitterMs;
        if (fault == ModelFault.Hang || !await WaitAsync(delayMs, context.RequestAborted))
        {
            Record(CallOutcome.Failed, 0, 0);
            if (fault == ModelFault.Hang) await WaitAsync(delayMs, context.RequestAborted);
            context.Abort();
            return (false, fault, number);
        }

        if (fault != ModelFault.ServerError) return (true, fault, number);
        await RefuseAsync(context, new ApiError(
            StatusCodes.Status500InternalServerError, "The server had an error while processing your request. Sorry about that!", "server_error"));
        return (false, fault, number);
    }

    /// <summary>Most tokens of prompt and answer together.</summary>
    public int ContextTokens => faults.Settings.ModelContextTokens;

    public Task RefuseAsync(HttpContext context, ApiError error)
    {
        Record(error.Status == StatusCodes.Status429TooManyRequests ? CallOutcome.RateLimited : CallOutcome.Failed, 0, 0);
        return WriteAsync(context, error.Status, error.ToJson());
    }

    public void Record(CallOutcome outcome, int prompt, int completion) => ledger.Record(new ModelCalled(time.GetUtcNow(), outcome, prompt, completion));

    public static Task WriteAsync(HttpContext context, int status, JsonObject body) =>
        WriteAsync(context, status, "application/json", body.ToJsonString(SandboxJson.Options));

    public static Task WriteAsync(HttpContext context, int status, string type, string body)
    {
        Began(context, status, type);
        return context.Response.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>The head of an answer: from here on, only its body follows.</summary>
    public static void Began(HttpContext context, int status, string type)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        if (context.Items[_startedKey] is long started)
            context.Response.Headers["openai-processing-ms"] = ((long)Stopwatch.GetElapsedTime(started).TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
    }

    private ApiError? KeyProblem(HttpRequest request)
    {
        if (!AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header)
            || !header.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase) || string.IsNullOrWhiteSpace(header.Parameter))
        {
            return new ApiError(
                StatusCodes.Status401Unauthorized,
                "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).");
        }

        var key = Encoding.UTF8.GetBytes(header.Parameter);
        return _keys.Exists(known => CryptographicOperations.FixedTimeEquals(known, key)) ? null : new ApiError(
            StatusCodes.Status401Unauthorized,
            $"Incorrect API key provided: {Masked(header.Parameter)}. You can find the sandbox's keys in its option Sandbox:ApiKeys.",
            Code: "invalid_api_key");
    }

    private static string Masked(string key) => key.Length <= 8 ? new string('*', key.Length) : $"{key[..4]}{new string('*', Math.Min(key.Length - 8, 16))}{key[^4..]}";

    private static void WriteLimits(IHeaderDictionary headers, int perMinute, int remaining, TimeSpan reset)
    {
        headers["x-ratelimit-limit-requests"] = perMinute.ToString(CultureInfo.InvariantCulture);
        headers["x-ratelimit-remaining-requests"] = remaining.ToString(CultureInfo.InvariantCulture);
        headers["x-ratelimit-reset-requests"] = $"{(long)Math.Ceiling(reset.TotalSeconds)}s";
    }

    private Task RateLimitAsync(HttpContext context, string model, TimeSpan wait, int perMinute)
    {
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers["retry-after-ms"] = ((long)Math.Max(1, wait.TotalMilliseconds)).ToString(CultureInfo.InvariantCulture);
        return RefuseAsync(context, new ApiError(
            StatusCodes.Status429TooManyRequests,
            $"Rate limit reached for {model} in organization {Organization} on requests per min (RPM): Limit {perMinute}, Used {perMinute}, Requested 1. Please try again in {seconds}s.",
            "requests",
            Code: "rate_limit_exceeded"));
    }

    /// <summary>Whether the caller waited too.</summary>
    private async Task<bool> WaitAsync(double milliseconds, CancellationToken aborted)
    {
        if (milliseconds <= 0) return !aborted.IsCancellationRequested;
        await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), time, aborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !aborted.IsCancellationRequested;
    }
}
