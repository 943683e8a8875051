using System.Text.Json;
using System.Text.Json.Serialization;
using StudyTracker.Contracts;
using StudyTracker.Kafka;

namespace StudyTracker.Ingress;

/// <summary>What a trigger asks for.</summary>
/// <param name="Kind">Which summary; required.</param>
/// <param name="Id">
/// Identity of the run, 1 to 64 letters, digits, '.', '_' or '-'. Sending the same again is safe: it is executed once.
/// Without one, a new one is made.
/// </param>
internal sealed record TriggerRequest(SummaryKind? Kind, string? Id = null);

/// <summary>The run that a trigger leads to.</summary>
/// <param name="RunId">Identity of the run.</param>
/// <param name="Status">Where the Summarizer tells how it goes on.</param>
internal sealed record TriggerAccepted(string RunId, string Status);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, Converters = [typeof(SummaryKindConverter)])]
[JsonSerializable(typeof(TriggerRequest))]
[JsonSerializable(typeof(TriggerAccepted))]
internal sealed partial class TriggerJson : JsonSerializerContext;

/// <summary><c>POST /scheduler/trigger</c>: answers as soon as Kafka has the trigger; the work is done elsewhere.</summary>
internal sealed class TriggerEndpoint(Body bodies, Publisher publisher, TimeProvider time)
{
    private const int MaxBodyBytes = 4_096;
    private readonly RecentRuns _recent = new();

    public async Task<IResult> HandleAsync(HttpContext context)
    {
        if (!ContentTypes.IsSent(context.Request, ContentTypes.Json))
            return Results.Problem($"Send {ContentTypes.Json}, not compressed.", statusCode: 415);
        var (body, status) = await bodies.ReadAsync(context.Request, MaxBodyBytes);
        if (body is null)
        {
            context.Response.Headers.Connection = "close"; // the rest of the body is not waited for
            return Results.Problem($"The body did not arrive, or has more than {MaxBodyBytes} bytes.", statusCode: status);
        }

        if (Parse(body) is not { Kind: { } kind } request)
            return Results.Problem("Send JSON such as {\"kind\":\"daily\"}; kind is daily, weekly or monthly.", statusCode: 400);
        if (request.Id is not null && !IsRunId(request.Id))
            return Results.Problem("id must be 1 to 64 letters, digits, '.', '_' or '-'.", statusCode: 400);

        if (request.Id is not null && _recent.KindOf(request.Id) is { } taken && taken != kind)
        {
            return Results.Problem(
                $"The id '{request.Id}' is taken: a {Word(taken)} run was asked for under it. Send another id, or none.", statusCode: 409);
        }

        var now = time.GetUtcNow();
        var runId = request.Id ?? $"{Word(kind)}-{Guid.CreateVersion7(now):n}";
        var trigger = new TriggerRecord(runId, kind, now, "api");
        try
        {
            await publisher.PublishAsync(
                Topics.SchedulerTriggers, runId, trigger, ContractsJson.Default.TriggerRecord, RecordKinds.Trigger, CancellationToken.None);
        }
        catch (PublishException)
        {
            context.Response.Headers.RetryAfter = "1";
            return Results.Problem("The trigger could not be stored now. Send it again, with the same id.", statusCode: 503);
        }

        if (request.Id is not null) _recent.Add(request.Id, kind);
        return Results.Json(new TriggerAccepted(runId, $"/runs/{runId}"), TriggerJson.Default.TriggerAccepted, statusCode: 202);
    }

    private static TriggerRequest? Parse(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, TriggerJson.Default.TriggerRequest);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Word(SummaryKind kind) => $"{kind}".ToLowerInvariant();

    private static bool IsRunId(string id) =>
        id.Length is > 0 and <= 64 && id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-');
}
