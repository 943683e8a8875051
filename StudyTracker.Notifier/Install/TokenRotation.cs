using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using StudyTracker.Kafka;
using StudyTracker.Notifier.Delivery;
using StudyTracker.Notifier.Pace;
using StudyTracker.Notifier.Slack;
using StudyTracker.Notifier.Storage;
using StudyTracker.Storage;
using StudyTracker.Telemetry;

namespace StudyTracker.Notifier.Install;

/// <summary>
/// Refreshes the tokens of workspaces whose app has token rotation, before they run out. Slack takes each refresh token once: a
/// row is one replica's for as long as its call may last, and a call that might last longer is not begun. The present token stays
/// in use until the next one is stored.
/// </summary>
internal sealed partial class TokenRotation(
    Installations installations,
    TokenCipher cipher,
    SlackOAuth oauth,
    SlackPace pace,
    SchemaMigration<DeliveryDbContext> schema,
    IOptions<SlackOptions> options,
    TimeProvider time,
    ILogger<TokenRotation> logger) : BackgroundService
{
    /// <summary>Ours, not Slack's: the refresh token cannot be decrypted.</summary>
    private const string KeyLost = "key_lost";

    private static readonly TimeSpan _firstRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _storeRetry = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _longestStoreRetry = TimeSpan.FromSeconds(5);

    private static readonly Counter<long> _refreshes = Instruments.Meter.CreateCounter<long>(
        "studytracker.delivery.token_refreshes", "{refresh}", "Refreshes of workspaces' tokens, by outcome.");

    /// <summary>Has its counter start at 0.</summary>
    public static void CountFromZero(IServiceCollection services) =>
        services.CountFromZero(_refreshes, ("outcome", ZeroCounts.Labels<SlackOutcome>()));

    /// <summary>Whether only a new installation helps.</summary>
    public static bool IsFinal(string failure) =>
        failure is "invalid_refresh_token" or "token_revoked" or "account_inactive" or "team_not_found" or "oauth_authorization_url_mismatch" or KeyLost;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await schema.WaitAsync(stoppingToken);
        var isAway = false;
        while (true)
        {
            try
            {
                while (await RefreshNextAsync(stoppingToken)) isAway = false;
                isAway = false;
            }
            catch (Exception error) when (Transient.Is(error))
            {
                if (!isAway) LogAway(error.GetType().Name);
                isAway = true;
            }

            await Task.Delay(TimeSpan.FromSeconds(options.Value.RefreshPollSeconds), time, stoppingToken);
        }
    }

    /// <summary>Refreshes one token; false: none is due.</summary>
    private async Task<bool> RefreshNextAsync(CancellationToken cancellationToken)
    {
        var timeout = TimeSpan.FromSeconds(options.Value.TimeoutSeconds);
        // Rather too early than too late: the lease begins when it is asked for.
        var lease = new Lease(timeout * 3, time);
        if (await installations.TakeDueAsync(lease.Length, cancellationToken) is not { } due) return false;
        if (cipher.Decrypt(due.TeamId, due.RefreshToken) is not { } refreshToken)
        {
            await NotRefreshedAsync(due, new(SlackOutcome.Refused, Error: KeyLost));
            return true;
        }

        LastMoment.MayWrite = () => lease.Covers(timeout); // for this call only: it ends with this method
        // A call that has begun is waited for: its answer has the only next token there is.
        var answer = await oauth.RefreshAsync(refreshToken, CancellationToken.None);
        _refreshes.Add(1, new KeyValuePair<string, object?>("outcome", answer.Outcome.Label()));
        if (answer.Value is { } grant) await KeepAsync(due, grant);
        else await NotRefreshedAsync(due, answer);
        return true;
    }

    /// <summary>Stores the next token, for as long as it takes: it is nowhere else.</summary>
    private async Task KeepAsync(DueRefresh due, TokenGrant grant)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (!await installations.RefreshedAsync(due, grant))
                {
                    LogOverdue(due.TeamId);
                    return;
                }

                LogRefreshed(due.TeamId, grant.Lifetime);
                await pace.ReopenAsync(due.TeamId);
                return;
            }
            catch (Exception error) when (Transient.Is(error))
            {
                if (attempt == 1) LogNotStored(due.TeamId, error.GetType().Name);
                await Task.Delay(Backoff.After(attempt, _storeRetry, _longestStoreRetry, Random.Shared.NextDouble()), time);
            }
        }
    }

    private async Task NotRefreshedAsync(DueRefresh due, SlackAnswer<TokenGrant> answer)
    {
        var wait = Backoff.After(due.Attempts + 1, _firstRetry, TimeSpan.FromSeconds(options.Value.RefreshMaxRetrySeconds), Random.Shared.NextDouble());
        if (answer.RetryAfter > wait) wait = answer.RetryAfter.Value;
        var error = answer.Error ?? "no_answer";
        await installations.FailedAsync(due, error, wait);
        LogNotRefreshed(
            due.HasExpired ? LogLevel.Error : LogLevel.Warning,
            due.TeamId,
            answer.Reason,
            due.HasExpired ? "it has run out" : "the present one is still good",
            IsFinal(error) ? "Install the app there again" : "It is tried again",
            wait.TotalSeconds);
    }

    [LoggerMessage(LogLevel.Information, "The token of workspace {TeamId} is refreshed and good for {Lifetime}")]
    private partial void LogRefreshed(string teamId, TimeSpan? lifetime);

    [LoggerMessage(LogLevel.Information, "The token of workspace {TeamId} was refreshed too late: it has installed the app anew, or taken the token back")]
    private partial void LogOverdue(string teamId);

    [LoggerMessage(LogLevel.Error, "The next token of workspace {TeamId} cannot be stored yet, and is tried again for as long as this process lives: {Reason}")]
    private partial void LogNotStored(string teamId, string reason);

    [LoggerMessage("The token of workspace {TeamId} is not refreshed: Slack answered {Error}; {State}. {Advice}; next attempt in {WaitSeconds:0} s")]
    private partial void LogNotRefreshed(LogLevel level, string teamId, string? error, string state, string advice, double waitSeconds);

    [LoggerMessage(LogLevel.Warning, "Tokens are not refreshed now: {Reason}")]
    private partial void LogAway(string reason);
}
