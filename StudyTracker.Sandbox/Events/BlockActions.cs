using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using StudyTracker.Sandbox.Ledger;
using StudyTracker.Sandbox.Responses;
using StudyTracker.Sandbox.WebApi;
using StudyTracker.Sandbox.WebApi.Blocks;
using StudyTracker.Sandbox.Workspaces;

namespace StudyTracker.Sandbox.Events;

/// <summary>The <c>block_actions</c> payload of an interaction.</summary>
internal static class BlockActions
{
    /// <summary>How the choice of an element is called; those of several end in s.</summary>
    private static readonly Dictionary<string, string> _choices = new(StringComparer.Ordinal)
    {
        ["static_select"] = "selected_option",
        ["external_select"] = "selected_option",
        ["radio_buttons"] = "selected_option",
        ["overflow"] = "selected_option",
        ["multi_static_select"] = "selected_options",
        ["multi_external_select"] = "selected_options",
        ["checkboxes"] = "selected_options",
        ["users_select"] = "selected_user",
        ["multi_users_select"] = "selected_users",
        ["conversations_select"] = "selected_conversation",
        ["multi_conversations_select"] = "selected_conversations",
        ["channels_select"] = "selected_channel",
        ["multi_channels_select"] = "selected_channels",
        ["datepicker"] = "selected_date",
        ["timepicker"] = "selected_time",
        ["datetimepicker"] = "selected_date_time",
        ["plain_text_input"] = "value",
        ["email_text_input"] = "value",
        ["url_text_input"] = "value",
        ["number_input"] = "value",
    };

    /// <summary>The element of a message with an action_id, and its block.</summary>
    public static (string BlockId, JsonElement Element)? Find(ChannelMessage message, string actionId) => Elements(message)
        .Where(found => found.Element.TryGetProperty("action_id", out var id) && id.ValueEquals(actionId))
        .Select(found => ((string, JsonElement)?)found)
        .FirstOrDefault();

    /// <summary>What is told of an element that was pressed; null when what was chosen cannot be.</summary>
    public static JsonObject? Action(JsonElement element, string blockId, string? value, DateTimeOffset at)
    {
        var type = element.GetProperty("type").GetString()!;
        var action = new JsonObject { ["type"] = type, ["action_id"] = element.GetProperty("action_id").GetString(), ["block_id"] = blockId };
        foreach (var name in (string[])["text", "value", "style", "placeholder"])
        {
            if (element.TryGetProperty(name, out var kept)) action[name] = JsonNode.Parse(kept.GetRawText());
        }

        if (_choices.TryGetValue(type, out var choice))
        {
            if (Chosen(element, choice, value) is not { } chosen) return null;
            action[choice] = chosen;
        }

        action["action_ts"] = string.Create(CultureInfo.InvariantCulture, $"{at.ToUnixTimeMilliseconds() / 1000.0:0.000000}");
        return action;
    }

    /// <summary>The whole payload.</summary>
    /// <param name="workspace">Workspace.</param>
    /// <param name="learner">Who pressed.</param>
    /// <param name="message">Below which message.</param>
    /// <param name="invocation">Where, and whether only the learner sees the message.</param>
    /// <param name="action">What was pressed or chosen.</param>
    /// <param name="triggerId">What a modal can be opened with.</param>
    /// <param name="responseUrl">Where it can be answered.</param>
    public static JsonObject Payload(
        Workspace workspace, Learner learner, ChannelMessage message, Invocation invocation, JsonObject action, string triggerId, string responseUrl)
    {
        var payload = All(workspace, learner, message, invocation, action, triggerId, responseUrl);
        // Slack has not kept a message that only one person sees, and so tells nothing of what stands in it.
        if (invocation.SourceIsEphemeral) payload.Remove("message");
        return payload;
    }

    private static JsonObject All(
        Workspace workspace, Learner learner, ChannelMessage message, Invocation invocation, JsonObject action, string triggerId, string responseUrl) => new()
        {
            ["type"] = "block_actions",
            ["user"] = new JsonObject { ["id"] = learner.Id, ["username"] = learner.Name, ["name"] = learner.Name, ["team_id"] = workspace.Id },
            ["api_app_id"] = SlackEnvelope.AppId,
            ["token"] = SlackEnvelope.VerificationToken,
            ["container"] = new JsonObject { ["type"] = "message", ["message_ts"] = message.Ts, ["channel_id"] = invocation.ChannelId, ["is_ephemeral"] = invocation.SourceIsEphemeral },
            ["trigger_id"] = triggerId,
            ["team"] = new JsonObject { ["id"] = workspace.Id, ["domain"] = workspace.Seed.Domain },
            ["enterprise"] = null,
            ["is_enterprise_install"] = false,
            ["channel"] = new JsonObject
            {
                ["id"] = invocation.ChannelId,
                ["name"] = workspace.Channels.GetValueOrDefault(invocation.ChannelId)?.Name ?? "directmessage",
            },
            ["message"] = MessageJson.Of(workspace, message, withMetadata: true),
            ["state"] = new JsonObject { ["values"] = State(message, action) },
            ["response_url"] = responseUrl,
            ["actions"] = new JsonArray(action),
        };

    /// <summary>What is chosen in the message as a whole; buttons have nothing to choose.</summary>
    private static JsonObject State(ChannelMessage message, JsonObject action)
    {
        var values = new JsonObject();
        foreach (var (blockId, element) in Elements(message))
        {
            var type = element.GetProperty("type").GetString()!;
            if (type == "overflow" || !_choices.TryGetValue(type, out var choice)) continue;
            var actionId = element.GetProperty("action_id").GetString()!;
            var chosen = (string?)action["action_id"] == actionId && (string?)action["block_id"] == blockId
                ? action[choice]?.DeepClone()
                : element.TryGetProperty(choice.Replace("selected", "initial", StringComparison.Ordinal), out var initial) ? JsonNode.Parse(initial.GetRawText())
                : choice.EndsWith('s') ? new JsonArray() : null;
            if (values[blockId] is not JsonObject block) values[blockId] = block = [];
            block[actionId] = new JsonObject { ["type"] = type, [choice] = chosen };
        }

        return values;
    }

    private static JsonNode? Chosen(JsonElement element, string choice, string? value)
    {
        if (string.IsNullOrEmpty(value)) return null;
        return choice switch
        {
            "selected_option" => Option(element, value),
            "selected_options" when value.Split(',').Select(one => Option(element, one)).ToArray() is var options =>
                options.Contains(null) ? null : new JsonArray(options),
            "selected_date_time" => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : null,
            _ when choice.EndsWith('s') => new JsonArray([.. value.Split(',').Select(one => JsonValue.Create(one))]),
            _ => value,
        };
    }

    private static JsonNode? Option(JsonElement element, string value)
    {
        var groups = element.TryGetProperty("option_groups", out var grouped) ? grouped.EnumerateArray() : default(IEnumerable<JsonElement>);
        var options = element.TryGetProperty("options", out var listed) ? listed.EnumerateArray() : groups?.SelectMany(group => group.GetProperty("options").EnumerateArray());
        return options?.Where(option => option.GetProperty("value").ValueEquals(value)).Select(option => JsonNode.Parse(option.GetRawText())).FirstOrDefault();
    }

    private static IEnumerable<(string BlockId, JsonElement Element)> Elements(ChannelMessage message) => message is { BotId: not null, Blocks: { } blocks }
        ? blocks.EnumerateArray().SelectMany(block => BlockElements.Of(block).Select(found => (block.GetProperty("block_id").GetString()!, found.Element)))
        : [];
}
