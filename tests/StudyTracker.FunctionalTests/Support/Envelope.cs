using System.Text.Json.Nodes;

namespace StudyTracker.FunctionalTests.Support;

/// <summary>Envelopes as Slack sends them to others than a workspace on its own.</summary>
internal static class Envelope
{
    /// <summary>The same with other fields: of the envelope, and of the message, be it the event or inside of it.</summary>
    /// <param name="body">The envelope.</param>
    /// <param name="envelope">JSON whose fields it gets.</param>
    /// <param name="message">JSON whose fields the message gets.</param>
    public static string With(this string body, string envelope, string message = "{}")
    {
        var changed = JsonNode.Parse(body)!;
        Set(changed, envelope);
        var slackEvent = changed["event"]!;
        Set(slackEvent["message"] ?? slackEvent["previous_message"] ?? slackEvent, message);
        return changed.ToJsonString();
    }

    /// <summary>A channel gets another id.</summary>
    public static string ChannelChange(string teamId, string oldId, string newId) =>
        $$"""
        {
            "type":"event_callback","team_id":"{{teamId}}","event_id":"{{Learner.NewEventId()}}",
            "event":{"type":"channel_id_changed","old_channel_id":"{{oldId}}","new_channel_id":"{{newId}}","event_ts":"{{Learner.NewTs()}}" }
        }
        """;

    private static void Set(JsonNode node, string fields)
    {
        foreach (var (name, value) in JsonNode.Parse(fields)!.AsObject()) node[name] = value?.DeepClone();
    }
}
