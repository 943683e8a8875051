using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Options;
using StudyTracker.Kafka;
using StudyTracker.Notifier.Install;
using StudyTracker.Notifier.Pace;
using StudyTracker.Slack;
using StudyTracker.Telemetry;

namespace StudyTracker.Notifier.Slack;

/// <summary>
/// Asks Slack for members' time zones and languages, on behalf of the Summarizer: tokens are here only. A question waits for nothing:
/// when there is no place for it in the pace, the answer is how long that stays so.
/// </summary>
internal sealed class ProfileEndpoint(ISlackClient slack, SlackPace pace, Revocations revocations, IOptions<SlackOptions> options)
{
    private static readonly TimeSpan _databaseAway = TimeSpan.FromSeconds(5);

    private static readonly Counter<long> _asked = Instruments.Meter.CreateCounter<long>(
        "studytracker.delivery.profiles", "{question}", "Questions to Slack's users.info, by outcome.");

    /// <summary>Has its counters start at 0.</summary>
    public static void CountFromZero(IServiceCollection services) =>
        services.CountFromZero(_asked, ("outcome", ZeroCounts.Labels<SlackOutcome>()));

    public async Task<IResult> OfAsync(HttpContext context, string teamId, string userId, CancellationToken cancellationToken)
    {
        try
        {
            if (await revocations.ReasonAsync(teamId, cancellationToken) is { } revoked) return NotTold(revoked, passes: false);
            var (place, wait) = await pace.TryTakeAsync(new PlaceRequest(teamId, SlackMethod.Profile, null));
            return place is null ? NotNow(context, wait) : await AskAsync(context, place, userId, cancellationToken);
        }
        catch (Exception error) when (Transient.Is(error))
        {
            return NotNow(context, _databaseAway);
        }
    }

    private async Task<IResult> AskAsync(HttpContext context, Place place, string userId, CancellationToken cancellationToken)
    {
        var answer = await slack.ProfileAsync(place.Request.TeamId, userId, cancellationToken);
        _asked.Add(1, new KeyValuePair<string, object?>("outcome", answer.Outcome.Label()));
        switch (answer)
        {
            case { Outcome: SlackOutcome.Done, Value: { } profile }:
                return Results.Ok(profile);
            case { Outcome: SlackOutcome.RateLimited }:
                await pace.LimitedAsync(place, answer.RetryAfter);
                return NotNow(context, options.Value.Bounded(answer.RetryAfter));
            case { Outcome: SlackOutcome.Refused }:
                return NotTold(answer.Error!, passes: false);
            default:
                return NotTold(answer.Error!, passes: true);
        }
    }

    private static IResult NotTold(string error, bool passes) => Results.Json(new NoSlackProfile(error, passes), statusCode: StatusCodes.Status424FailedDependency);

    private static IResult NotNow(HttpContext context, TimeSpan wait)
    {
        context.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return Results.Problem("Slack is not to be asked now.", statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
