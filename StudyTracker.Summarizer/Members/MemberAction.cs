using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using StudyTracker.Contracts;
using StudyTracker.Kafka;

namespace StudyTracker.Summarizer.Members;

/// <summary>What a member did in Slack: a slash command, or a button of a message.</summary>
/// <param name="Member">Who.</param>
/// <param name="Wish">What it asks for.</param>
/// <param name="At">When Ingress received it.</param>
/// <param name="ResponseUrl">Where Slack takes an answer; null: nowhere.</param>
/// <param name="Words">What was written after the command; empty for a button.</param>
internal sealed record MemberAction(MemberKey Member, Wish Wish, DateTimeOffset At, string? ResponseUrl, string Words = "")
{
    /// <summary>Whether the button is one of an earlier answer, which only the member sees and which the new one takes the place of.</summary>
    public bool IsFromReply { get; init; }

    /// <summary>Reads a record of Ingress; null when it asks for nothing that is done here.</summary>
    /// <exception cref="PoisonException">The record is not what Ingress publishes.</exception>
    public static MemberAction? Read(Record record)
    {
        if (!MemberKey.TryParse(record.Key, out var member)) throw new PoisonException("The key is not one of a member.");
        if (!long.TryParse(record.Header(RecordHeaders.ReceivedAt), NumberStyles.None, CultureInfo.InvariantCulture, out var ms)
            || ms > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
            throw new PoisonException($"The header {RecordHeaders.ReceivedAt} is missing or not a time.");
        var form = QueryHelpers.ParseQuery(Encoding.UTF8.GetString(record.Value.Span));
        var at = DateTimeOffset.FromUnixTimeMilliseconds(ms);
        return record.Header(RecordHeaders.Kind) switch
        {
            RecordKinds.SlackCommand => ReadCommand($"{form.GetValueOrDefault("text")}", form.GetValueOrDefault("response_url"), member, at),
            RecordKinds.SlackInteraction => ReadInteraction($"{form.GetValueOrDefault("payload")}", member, at),
            _ => throw new PoisonException("The record is neither a command nor an interaction."),
        };
    }

    private static MemberAction ReadCommand(string text, string? responseUrl, MemberKey member, DateTimeOffset at) =>
        new(member, Wish.Read(text), at, responseUrl, text);

    private static MemberAction? ReadInteraction(string payload, MemberKey member, DateTimeOffset at)
    {
        try
        {
            using var document = JsonDocument.Parse(payload);
            var root = document.RootElement;
            if (Text(root, "type") != "block_actions" || !root.TryGetProperty("actions", out var actions) || actions.ValueKind != JsonValueKind.Array)
                return null;
            var wish = actions.EnumerateArray().Select(WishOf).FirstOrDefault(one => one is not null);
            if (wish is null) return null;
            var isFromReply = root.TryGetProperty("container", out var container) && container.ValueKind == JsonValueKind.Object
                && container.TryGetProperty("is_ephemeral", out var ephemeral) && ephemeral.ValueKind == JsonValueKind.True;
            return new MemberAction(member, wish, at, Text(root, "response_url")) { IsFromReply = isFromReply };
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new PoisonException("The payload is not JSON.", error);
        }
    }

    private static Wish? WishOf(JsonElement action) => Text(action, "action_id") switch
    {
        SlackActions.Pause => new Wish.Pause(),
        SlackActions.Resume => new Wish.Resume(),
        SlackActions.NotHelpful => Guid.TryParse(Text(action, "value"), out var summary) ? new Wish.NotHelpful(summary) : null,
        _ => null,
    };

    private static string? Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
