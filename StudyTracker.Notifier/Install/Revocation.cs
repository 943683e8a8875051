using System.Globalization;
using System.Text.Json;
using StudyTracker.Contracts;
using StudyTracker.Kafka;

namespace StudyTracker.Notifier.Install;

/// <summary>A workspace or organisation has taken back the token that it had given us.</summary>
/// <param name="TeamId">The workspace or organisation.</param>
/// <param name="Reason">Slack's word for it: <c>tokens_revoked</c> or <c>app_uninstalled</c>; what its deliveries are parked for.</param>
/// <param name="At">When, by Slack's clock, in whole seconds.</param>
internal sealed record Revocation(string TeamId, string Reason, DateTimeOffset At)
{
    private const string TokensRevoked = "tokens_revoked";
    private const string AppUninstalled = "app_uninstalled";

    /// <summary>Reads an event; null when it is about the tokens of users only, of which we have none.</summary>
    /// <exception cref="PoisonException">It is no such event.</exception>
    public static Revocation? Read(Record record)
    {
        try
        {
            using var document = JsonDocument.Parse(record.Value);
            var envelope = document.RootElement;
            var slackEvent = envelope.GetProperty("event");
            var team = record.Key; // of an organisation the envelope may name no workspace
            var reason = slackEvent.GetProperty("type").GetString();
            if (string.IsNullOrEmpty(team) || reason is not (TokensRevoked or AppUninstalled))
                throw new PoisonException("The record is not an event about the app's installation.");
            return reason == AppUninstalled || NamesBot(slackEvent) ? new Revocation(team, reason, TimeOf(envelope, record)) : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new PoisonException("The record is not an event about the app's installation.", error);
        }
    }

    private static bool NamesBot(JsonElement slackEvent) =>
        slackEvent.TryGetProperty("tokens", out var tokens)
        && tokens.ValueKind == JsonValueKind.Object
        && tokens.TryGetProperty("bot", out var bots)
        && bots.ValueKind == JsonValueKind.Array
        && bots.GetArrayLength() > 0;

    /// <summary>Slack tells when; were it not so, the request's arrival is the latest that it can have been.</summary>
    private static DateTimeOffset TimeOf(JsonElement envelope, Record record)
    {
        if (envelope.TryGetProperty("event_time", out var time) && time.ValueKind == JsonValueKind.Number && time.TryGetInt64(out var seconds)
            && seconds is > 0 and < 100_000_000_000)
            return DateTimeOffset.FromUnixTimeSeconds(seconds);
        return long.TryParse(record.Header(RecordHeaders.ReceivedAt), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            && milliseconds < 100_000_000_000_000
                ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
                : throw new PoisonException("The record does not tell when it happened.");
    }
}
