using System.Text.Json;
using System.Text.Json.Nodes;
using StudyTracker.Sandbox.Workspaces;

namespace StudyTracker.Sandbox.Events;

/// <summary>What comes with a message besides its text: forwarded messages, what links lead to, files.</summary>
internal static class Attached
{
    /// <summary>The attachments; null when there are none.</summary>
    public static JsonElement? Of(EventRequest request, Workspace workspace, string channelId, string ts) => request switch
    {
        { Links: { } links } => JsonSerializer.SerializeToElement(new JsonArray([.. links.Select(Unfurled)])),
        { Forwarded: { } forwarded } => JsonSerializer.SerializeToElement(new JsonArray(Shared(forwarded, request.UserId!, workspace, channelId, ts))),
        _ => null,
    };

    /// <summary>The files as Slack describes them. Their content is not to be had here, only the preview of a snippet.</summary>
    public static JsonElement Files(IEnumerable<SharedFile> files, string userId, string ts) => JsonSerializer.SerializeToElement(
        new JsonArray([.. files.Select(file => Describe(file, userId, ts))]));

    private static JsonObject Unfurled(LinkPreview link, int index) => new()
    {
        ["from_url"] = link.Url,
        ["original_url"] = link.Url,
        ["id"] = index + 1,
        ["fallback"] = link.Title ?? link.Url,
        ["title"] = link.Title,
        ["title_link"] = link.Url,
        ["text"] = link.Text,
        ["service_name"] = link.ServiceName ?? new UriBuilder(link.Url).Host,
    };

    private static JsonObject Shared(ForwardedMessage forwarded, string userId, Workspace workspace, string channelId, string ts)
    {
        var (author, source) = (forwarded.UserId ?? userId, forwarded.ChannelId ?? channelId);
        return new JsonObject
        {
            ["is_msg_unfurl"] = true,
            ["is_share"] = true,
            ["ts"] = ts,
            ["author_id"] = author,
            ["author_name"] = workspace.Learners.GetValueOrDefault(author)?.RealName ?? author,
            ["author_subname"] = workspace.Learners.GetValueOrDefault(author)?.Name ?? author,
            ["channel_id"] = source,
            ["channel_team"] = workspace.Id,
            ["text"] = forwarded.Text,
            ["fallback"] = forwarded.Text,
            ["mrkdwn_in"] = new JsonArray("text"),
            ["from_url"] = $"{workspace.Url}archives/{source}/p{ts.Replace(".", "", StringComparison.Ordinal)}",
            ["id"] = 1,
        };
    }

    private static JsonObject Describe(SharedFile file, string userId, string ts)
    {
        var type = Path.GetExtension(file.Name) is { Length: > 1 } extension ? extension[1..].ToLowerInvariant() : "text";
        var json = new JsonObject
        {
            ["id"] = SlackIds.Derive("F", $"{file.Name}:{ts}"),
            ["created"] = SlackTimestamp.ToSeconds(ts),
            ["timestamp"] = SlackTimestamp.ToSeconds(ts),
            ["name"] = file.Name,
            ["title"] = file.Name,
            ["mimetype"] = file.Mimetype ?? "text/plain",
            ["filetype"] = type,
            ["pretty_type"] = type,
            ["user"] = userId,
            ["mode"] = file.Preview is null ? "hosted" : "snippet",
            ["size"] = file.Preview?.Length ?? 0,
            ["file_access"] = "visible",
        };
        if (file.Preview is null) return json;
        json["editable"] = true;
        json["preview"] = file.Preview;
        json["lines"] = file.Preview.Count(character => character == '\n') + 1;
        json["preview_is_truncated"] = false;
        return json;
    }
}
