using Microsoft.Extensions.Options;
using StudyTracker.Sandbox.Ledger;

namespace StudyTracker.Sandbox.Events;

/// <summary><c>/sandbox/events</c>: what people do in Slack, and how its delivery went.</summary>
internal static class EventEndpoints
{
    private const int MaxPage = 10_000;

    public static void MapEvents(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/sandbox/events", async (EventRequest body, string? wait, EventFactory factory, EventSender sender, HttpContext context) =>
        {
            if (ProblemOf(body, wait) is { } problem) return problem;
            if (sender.Send(factory.Create(body)) is not { } entry) return Overloaded(context);
            await WaitAsync(entry, wait, context.RequestAborted);
            return Results.Ok(EventView.Of(entry));
        });

        endpoints.MapPost("/sandbox/events/batch", async (
            EventRequest?[] body, string? wait, EventFactory factory, EventSender sender, IOptions<SandboxOptions> options, HttpContext context) =>
        {
            if (body.Length > options.Value.MaxBatch)
                return Results.Problem($"At most {options.Value.MaxBatch} events a batch (Sandbox:MaxBatch).", statusCode: StatusCodes.Status400BadRequest);
            foreach (var request in body)
            {
                if (ProblemOf(request, wait) is { } problem) return problem;
            }

            var entries = new List<EventEntry>(body.Length);
            foreach (var request in body)
            {
                if (sender.Send(factory.Create(request!)) is not { } entry) return Overloaded(context);
                entries.Add(entry);
            }

            foreach (var entry in entries) await WaitAsync(entry, wait, context.RequestAborted);
            return Results.Ok(entries.Select(EventView.Of));
        });

        endpoints.MapPost("/sandbox/url-verification", async (IngressClient ingress, CancellationToken cancellationToken) =>
        {
            var (answer, verified) = await ingress.VerifyAsync(cancellationToken);
            return Results.Ok(new { verified, answer.Status, answer.Error });
        });

        endpoints.MapGet("/sandbox/events", (
            SandboxLedger ledger, long? after, int? limit, string? state, string? kind, string? teamId, string? userId) =>
        {
            if (!TryRead(state, out EventState? wantedState) || !TryRead(kind, out EventKind? wantedKind))
                return Results.Problem("state or kind is none of those in /sandbox/ledger.", statusCode: StatusCodes.Status400BadRequest);
            var isSelection = wantedState is not null || wantedKind is not null || teamId is not null || userId is not null;
            return Results.Ok(ledger.Events(after ?? 0, Math.Clamp(limit ?? 1_000, 1, MaxPage), !isSelection ? null : entry =>
                (wantedState is null || entry.State == wantedState)
                && (wantedKind is null || entry.Queued.Kind == wantedKind)
                && (teamId is null || entry.Queued.Message.TeamId == teamId)
                && (userId is null || entry.Queued.Message.UserId == userId)));
        });

        endpoints.MapGet("/sandbox/events/{eventId}", (string eventId, SandboxLedger ledger) =>
            ledger.Find(eventId) is { } entry ? Results.Ok(EventView.Of(entry)) : Results.NotFound());
    }

    /// <summary>Reads a word such as <c>accepted</c>; none is fine too.</summary>
    private static bool TryRead<TEnum>(string? word, out TEnum? value)
        where TEnum : struct, Enum
    {
        var isWord = Enum.TryParse<TEnum>(word, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed);
        value = isWord ? parsed : null;
        return isWord || word is null;
    }

    private static IResult? ProblemOf(EventRequest? request, string? wait)
    {
        var problem = wait is not (null or "true" or "false" or "settled") ? "wait must be true, false or settled."
            : request is null ? "An event must be an object, not null."
            : request.Problem();
        return problem is null ? null : Results.Problem(problem, statusCode: StatusCodes.Status400BadRequest);
    }

    private static Task WaitAsync(EventEntry entry, string? wait, CancellationToken cancellationToken) => wait switch
    {
        "false" => Task.CompletedTask,
        "settled" => entry.Settled.WaitAsync(cancellationToken),
        _ => entry.FirstOutcome.WaitAsync(cancellationToken),
    };

    private static IResult Overloaded(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "5";
        return Results.Problem(
            "Too many events wait for their delivery (Sandbox:MaxPendingEvents).", statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
