using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Options;
using StudyTracker.Sandbox.Ledger;

namespace StudyTracker.Sandbox.Events;

/// <summary>What <c>POST /sandbox/trigger</c> takes.</summary>
/// <param name="Kind">daily, weekly or monthly.</param>
/// <param name="Id">The run's id; a new one, if absent.</param>
internal sealed record TriggerRequest(string Kind, string? Id);

/// <summary><c>/sandbox/trigger</c>, <c>/sandbox/runs</c> and <c>/sandbox/members</c>: what an operator does, with the operators' key.</summary>
internal static class TriggerEndpoints
{
    /// <summary>A restart of Ingress takes about as long.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(250);

    public static void MapTriggers(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/sandbox/trigger", async (
            TriggerRequest body, IngressClient ingress, SandboxLedger ledger, TimeProvider time, CancellationToken cancellationToken) =>
        {
            if (string.IsNullOrEmpty(body.Kind)) return Results.Problem("kind must be daily, weekly or monthly.", statusCode: StatusCodes.Status400BadRequest);
            var at = time.GetUtcNow();
            var clock = Stopwatch.StartNew();
            // One id for every attempt: a trigger whose answer was lost must not become a second run.
            var trigger = body with { Id = body.Id ?? Guid.CreateVersion7().ToString() };
            var (status, answer, attempts) = await SendAsync(ingress, trigger, time, cancellationToken);
            ledger.Record(new TriggerSent(
                at, trigger.Id, trigger.Kind, status, RunIdOf(answer), Math.Round(clock.Elapsed.TotalMilliseconds, 1), attempts));
            return status is null
                ? Results.Problem("Ingress cannot be reached.", statusCode: StatusCodes.Status502BadGateway)
                : Results.Content(answer, "application/json", statusCode: status);
        });

        // What is not known yet is no error: a run shows up when its trigger has been read, and a member with their first message.
        endpoints.MapGet("/sandbox/runs/{runId}", (
            string runId, IngressClient client, IOptions<SandboxOptions> options, CancellationToken cancellationToken) => options.Value.SummarizerUrl is null
                ? Task.FromResult(Results.Ok(new { runId, State = "unknown" }))
                : AskAsync(client, options.Value.SummarizerUrl, $"/runs/{Uri.EscapeDataString(runId)}", new { runId, State = "requested" }, cancellationToken));

        endpoints.MapGet("/sandbox/members/{teamId}/{userId}", (
            string teamId, string userId, IngressClient client, IOptions<SandboxOptions> options, CancellationToken cancellationToken) => options.Value.SummarizerUrl is null
                ? Task.FromResult(Results.Ok(new { teamId, userId }))
                : AskAsync(
                    client,
                    options.Value.SummarizerUrl,
                    $"/members/{Uri.EscapeDataString(teamId)}/{Uri.EscapeDataString(userId)}/preferences",
                    new { teamId, userId },
                    cancellationToken));
    }

    private static async Task<IResult> AskAsync(IngressClient client, Uri summarizer, string path, object unknown, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await client.GetAsOperatorAsync(summarizer, path, cancellationToken);
            if (response.StatusCode == HttpStatusCode.NotFound) return Results.Ok(unknown);
            var answer = await response.Content.ReadAsStringAsync(cancellationToken);
            return Results.Content(answer, "application/json", statusCode: (int)response.StatusCode);
        }
        catch (HttpRequestException)
        {
            return Results.Problem("The Summarizer cannot be reached.", statusCode: StatusCodes.Status502BadGateway);
        }
    }

    private static async Task<(int? Status, string Answer, int Attempts)> SendAsync(
        IngressClient ingress, TriggerRequest trigger, TimeProvider time, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.Serialize(trigger, SandboxJson.Options);
        var start = time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                limit.CancelAfter(_patience);
                using var response = await ingress.PostAsOperatorAsync("/scheduler/trigger", json, limit.Token);
                return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(limit.Token), attempt);
            }
            catch (Exception exception) when (
                exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                if (time.GetElapsedTime(start) >= _patience) return (null, "", attempt);
                await Task.Delay(_pause, time, cancellationToken);
            }
        }
    }

    private static string? RunIdOf(string answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("runId", out var id) ? id.ToString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
