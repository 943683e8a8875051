using System.Globalization;
using Microsoft.Extensions.Options;
using StudyTracker.Contracts;

namespace StudyTracker.Summarizer.Runs;

/// <summary><c>GET /runs/{id}</c> and <c>GET /runs</c>, for operators.</summary>
internal sealed class RunsEndpoint(RunQueries queries, DeliveryFigures deliveries, IOptions<RunsOptions> options)
{
    private const int MaxListed = 100;
    private const int ListedByDefault = 20;

    public async Task<IResult> GetAsync(string id, CancellationToken cancellationToken)
    {
        if (await queries.RunsAsync(id, null, null, 1, cancellationToken) is not [var run])
            return Results.Problem($"There is no run '{id}' yet. A trigger that was just accepted shows up within a second.", statusCode: 404);
        return Results.Ok(run with
        {
            Failed = run.Parked > 0 ? await queries.FailedAsync(id, options.Value.MaxFailed, cancellationToken) : [],
            Deliveries = DeliveryFigures.PathOf(id),
            Delivery = await deliveries.OfRunAsync(id, cancellationToken),
        });
    }

    public async Task<IResult> ListAsync(string? kind, string? since, int? limit, CancellationToken cancellationToken)
    {
        if (limit is < 1 or > MaxListed) return Results.Problem($"limit must be 1 to {MaxListed}.", statusCode: 400);
        var only = Enum.GetValues<SummaryKind>().Cast<SummaryKind?>().FirstOrDefault(one => $"{one}".Equals(kind, StringComparison.OrdinalIgnoreCase));
        if (kind is not null && only is null) return Results.Problem("kind must be daily, weekly or monthly.", statusCode: 400);
        DateTimeOffset? from = null;
        if (since is not null)
        {
            if (!DateTimeOffset.TryParse(since, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
                return Results.Problem("since must be a time such as 2026-11-22T13:00:00Z.", statusCode: 400);
            from = time;
        }

        return Results.Ok(await queries.RunsAsync(null, only, from, limit ?? ListedByDefault, cancellationToken));
    }
}
