using System.Text.Json;
using System.Text.Json.Nodes;
using StudyTracker.Sandbox.WebApi.Blocks;

namespace StudyTracker.Sandbox.WebApi;

/// <summary>What a message says. An argument that is absent is null; an empty list or object takes away what was there.</summary>
internal sealed record ChatContent(string? Text, JsonElement? Blocks, JsonElement? Attachments, JsonElement? Metadata)
{
    private const int MaxMarkdown = 12_000, MaxAttachments = 100, MaxMetadataBytes = 16_384;

    /// <summary>What is not there any more.</summary>
    public static JsonElement? NotEmpty(JsonElement? value) => value switch
    {
        { ValueKind: JsonValueKind.Array } list when list.GetArrayLength() == 0 => null,
        { ValueKind: JsonValueKind.Object } map when !map.EnumerateObject().Any() => null,
        _ => value,
    };

    /// <summary>Reads text, blocks, attachments and metadata.</summary>
    public static (ChatContent? Content, ApiAnswer? Problem) Read(ApiArguments arguments)
    {
        if (!arguments.TryJson("blocks", out var blocks) || blocks is { ValueKind: not JsonValueKind.Array }) return Refused("invalid_blocks_format");
        if (!arguments.TryJson("attachments", out var attachments) || attachments is { ValueKind: not JsonValueKind.Array }) return Refused("invalid_attachments");
        if (!arguments.TryJson("metadata", out var metadata)) return Refused("invalid_metadata_format");
        if (MetadataProblem(metadata) is { } wrong) return Refused(wrong);
        var text = arguments.Text("text");
        if (arguments.Text("markdown_text") is { } markdown)
        {
            if (text is not null || blocks is not null) return Refused("markdown_text_conflict");
            if (markdown.EnumerateRunes().Count() > MaxMarkdown) return Refused("msg_too_long");
            // Slack makes blocks of its own from it; one of the kind that means the same is enough here.
            text = markdown;
            blocks = JsonSerializer.SerializeToElement(new[] { new { type = "markdown", text = markdown } });
        }

        if (text is null && NotEmpty(blocks) is null && NotEmpty(attachments) is null) return Refused("no_text");
        if (attachments is { } list)
        {
            if (list.GetArrayLength() > MaxAttachments) return Refused("too_many_attachments");
            if (list.EnumerateArray().Any(attachment => attachment.ValueKind != JsonValueKind.Object)) return Refused("invalid_attachments");
        }

        if (NotEmpty(blocks) is { } given)
        {
            if (BlockRules.OfMessage(given) is { Count: > 0 } problems) return (null, ApiAnswer.InvalidBlocks(problems));
            if (BlockRules.AreTooLong(given)) return Refused("msg_blocks_too_long");
            blocks = BlockElements.WithIds(given);
            text ??= BlockText.Fallback(given);
        }

        return (new ChatContent(text, blocks, attachments is { } some ? Numbered(some) : null, metadata), null);
    }

    private static (ChatContent?, ApiAnswer?) Refused(string error) => (null, ApiAnswer.Error(error));

    private static string? MetadataProblem(JsonElement? metadata)
    {
        if (metadata is not { } given) return null;
        if (given.ValueKind != JsonValueKind.Object) return "invalid_metadata_format";
        if (NotEmpty(given) is null) return null;
        if (!given.TryGetProperty("event_type", out var type) || type.ValueKind != JsonValueKind.String
            || !given.TryGetProperty("event_payload", out var payload) || payload.ValueKind != JsonValueKind.Object)
            return "invalid_metadata_format";
        return given.GetRawText().Length > MaxMetadataBytes ? "metadata_too_large" : null;
    }

    /// <summary>Attachments as Slack keeps them: numbered, each with something for clients that show none.</summary>
    private static JsonElement Numbered(JsonElement attachments)
    {
        var kept = SandboxJson.ToNode(attachments)!.AsArray();
        var id = 0;
        foreach (var attachment in kept.OfType<JsonObject>())
        {
            attachment["id"] = ++id;
            attachment["fallback"] ??= attachment["text"] is JsonValue text && text.GetValueKind() == JsonValueKind.String ? (string?)text : "[no preview available]";
        }

        return JsonSerializer.SerializeToElement(kept);
    }
}
