using System.Globalization;
using System.Text.Json.Nodes;
using StudyTracker.Sandbox.Ledger;

namespace StudyTracker.Sandbox.WebApi;

/// <summary>An answer of the Web API: HTTP 200 with <c>ok</c> true or false, except for rate limits and Slack's own failures.</summary>
internal sealed record ApiAnswer(JsonObject Body, CallOutcome Outcome, int Status = StatusCodes.Status200OK, string? RetryAfter = null, string? Code = null)
{
    private const string Metadata = "response_metadata";

    public static ApiAnswer Ok(JsonObject? body = null)
    {
        body ??= [];
        body.Insert(0, "ok", true);
        return new ApiAnswer(body, CallOutcome.Ok);
    }

    /// <param name="error">Slack's word for it.</param>
    /// <param name="details">Lines of response_metadata.messages.</param>
    public static ApiAnswer Error(string error, params IEnumerable<string> details)
    {
        var body = new JsonObject { ["ok"] = false, ["error"] = error };
        var messages = Lines(details);
        if (messages.Count > 0) body[Metadata] = new JsonObject { ["messages"] = messages };
        return new ApiAnswer(body, CallOutcome.Failed, Code: error);
    }

    /// <summary>Blocks that break rules: told twice, once as they are and once as messages.</summary>
    public static ApiAnswer InvalidBlocks(IReadOnlyList<string> problems)
    {
        var answer = Error("invalid_blocks", problems.Select(problem => $"[ERROR] {problem}"));
        answer.Body.Insert(2, "errors", Lines(problems));
        return answer;
    }

    /// <summary>Arguments that are absent, or break rules.</summary>
    public static ApiAnswer InvalidArguments(params IEnumerable<string> problems) =>
        Error("invalid_arguments", problems.Select(problem => $"[ERROR] {problem}"));

    public static ApiAnswer RateLimited(TimeSpan wait) =>
        // Whole seconds, and never 0: a caller that takes it literally would come back at once.
        RateLimited(Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture));

    /// <param name="retryAfter">The header as it is; null leaves it out.</param>
    public static ApiAnswer RateLimited(string? retryAfter) => new(
        new JsonObject { ["ok"] = false, ["error"] = "ratelimited" },
        CallOutcome.RateLimited,
        StatusCodes.Status429TooManyRequests,
        retryAfter,
        "ratelimited");

    /// <summary>Adds a warning, as Slack does to any answer.</summary>
    public void Warn(string warning)
    {
        Body["warning"] = Body["warning"] is { } other ? $"{other},{warning}" : warning;
        if (Body[Metadata] is not JsonObject metadata) Body[Metadata] = metadata = [];
        if (metadata["warnings"] is not JsonArray warnings) metadata["warnings"] = warnings = [];
        warnings.Add(warning);
    }

    /// <summary>Writes it.</summary>
    public Task WriteAsync(HttpResponse response)
    {
        response.StatusCode = Status;
        response.ContentType = "application/json; charset=utf-8";
        response.Headers["X-Slack-Req-Id"] = response.HttpContext.TraceIdentifier;
        if (RetryAfter is not null) response.Headers.RetryAfter = RetryAfter;
        return response.WriteAsync(Body.ToJsonString(), response.HttpContext.RequestAborted);
    }

    private static JsonArray Lines(IEnumerable<string> lines) => [.. lines.Select(line => JsonValue.Create(line))];
}
