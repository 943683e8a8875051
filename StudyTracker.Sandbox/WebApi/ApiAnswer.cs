using System.Globalization;
using System.Text.Json.Nodes;
using StudyTracker.Sandbox.Ledger;

namespace StudyTracker.Sandbox.WebApi;

/// <summary>An answer of the Web API: HTTP 200 with <c>ok</c> true or false, except for rate limits and Slack's own failures.</summary>
internal sealed record ApiAnswer(JsonObject Body, CallOutcome Outcome, int Status = StatusCodes.Status200OK, TimeSpan? RetryAfter = null, string? Code = null)
{
    public static ApiAnswer Ok(JsonObject body)
    {
        body.Insert(0, "ok", true);
        return new ApiAnswer(body, CallOutcome.Ok);
    }

    /// <param name="error">Slack's word for it.</param>
    /// <param name="details">Lines of response_metadata.messages.</param>
    public static ApiAnswer Error(string error, params string[] details)
    {
        var body = new JsonObject { ["ok"] = false, ["error"] = error };
        if (details.Length > 0)
            body["response_metadata"] = new JsonObject { ["messages"] = new JsonArray([.. details.Select(detail => JsonValue.Create(detail))]) };
        return new ApiAnswer(body, CallOutcome.Failed, Code: error);
    }

    public static ApiAnswer RateLimited(TimeSpan retryAfter) => new(
        new JsonObject { ["ok"] = false, ["error"] = "ratelimited" },
        CallOutcome.RateLimited,
        StatusCodes.Status429TooManyRequests,
        retryAfter,
        "ratelimited");

    public static ApiAnswer ServerError() => new(
        new JsonObject { ["ok"] = false, ["error"] = "internal_error" },
        CallOutcome.Failed,
        StatusCodes.Status500InternalServerError,
        Code: "internal_error");

    /// <summary>Writes it.</summary>
    public Task WriteAsync(HttpResponse response)
    {
        response.StatusCode = Status;
        response.ContentType = "application/json; charset=utf-8";
        response.Headers["X-Slack-Req-Id"] = response.HttpContext.TraceIdentifier;
        // Whole seconds, and never 0: a caller that takes it literally would come back at once.
        if (RetryAfter is { } wait)
            response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return response.WriteAsync(Body.ToJsonString(), response.HttpContext.RequestAborted);
    }
}
