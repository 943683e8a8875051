using System.Net.Mime;
using StudyTracker.Sandbox.Ledger;

namespace StudyTracker.Sandbox.Responses;

/// <summary><c>POST /responses/…</c>: where the app answers commands and buttons, as it does on Slack's hooks.slack.com.</summary>
internal static class ResponseEndpoints
{
    /// <summary>What such a call is counted as.</summary>
    public const string Method = "response_url";

    private const int MaxBodyBytes = 1 << 20;

    public static void MapResponses(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost(ResponseUrls.Path + "/{kind}/{teamId}/{number}/{secret}", async (
            HttpRequest request, ResponseUrls urls, AnswerBoard board, SandboxLedger ledger, TimeProvider time) =>
        {
            var problem = await ReadAsync(request) is { } body
                ? urls.Use(request.Path.Value![ResponseUrls.Path.Length..], invocation => Take(invocation, body, board))
                : "invalid_payload";
            ledger.Record(new MethodCalled(time.GetUtcNow(), Method, problem is null ? CallOutcome.Ok : CallOutcome.Failed, problem));
            return problem is null ? Results.Json(new { ok = true }) : Results.Json(new { ok = false, error = problem }, statusCode: StatusOf(problem));
        });

    private static string? Take(Invocation invocation, byte[] body, AnswerBoard board)
    {
        var (answer, error) = AppAnswer.Read(body);
        if (answer is not null) board.Show(invocation, answer);
        return error;
    }

    private static int StatusOf(string problem) => problem is ResponseUrls.Expired or ResponseUrls.Used or ResponseUrls.Unknown
        ? StatusCodes.Status404NotFound
        : StatusCodes.Status400BadRequest;

    private static async Task<byte[]?> ReadAsync(HttpRequest request)
    {
        if (!MediaTypeNames.Application.Json.Equals(request.ContentType?.Split(';')[0].Trim(), StringComparison.OrdinalIgnoreCase)) return null;
        using var body = new MemoryStream();
        var chunk = new byte[16_384];
        for (int read; (read = await request.Body.ReadAsync(chunk, request.HttpContext.RequestAborted)) > 0;)
        {
            if (body.Length + read > MaxBodyBytes) return null;
            body.Write(chunk, 0, read);
        }

        return body.ToArray();
    }
}
