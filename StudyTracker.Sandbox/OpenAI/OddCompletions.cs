using System.Text.Json.Nodes;
using StudyTracker.Sandbox.Faults;

namespace StudyTracker.Sandbox.OpenAI;

/// <summary>How an answer goes out.</summary>
/// <param name="IsUseful">Whether it still holds all that was asked for.</param>
/// <param name="Body">What is sent in place of the completion; null: the completion, as it was changed.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="ContentType">Type of the body.</param>
/// <param name="IsStream">Whether it is sent in pieces, although nobody asked.</param>
/// <param name="IsBrokenOff">Whether the connection ends in the middle.</param>
internal sealed record OddCompletion(
    bool IsUseful, string? Body = null, int Status = StatusCodes.Status200OK, string ContentType = "application/json", bool IsStream = false, bool IsBrokenOff = false);

/// <summary>
/// The odd answers that servers which speak OpenAI's protocol were seen to give: good answers in an odd wrapping, and others
/// that only look like answers.
/// </summary>
internal static class OddCompletions
{
    private const string Html = "<!DOCTYPE html><html><head><title>Welcome</title></head><body><h1>Please sign in</h1></body></html>";

    /// <summary>Changes a completion as a fault says.</summary>
    /// <param name="fault">What goes wrong.</param>
    /// <param name="number">The call's number: faults of several forms take turns by it.</param>
    /// <param name="completion">The completion, which is changed.</param>
    public static OddCompletion Apply(ModelFault fault, long number, JsonObject completion)
    {
        var choice = completion["choices"]![0]!.AsObject();
        var message = choice["message"]!.AsObject();
        var content = message["content"]!.GetValue<string>();
        switch (fault)
        {
            case ModelFault.None or ModelFault.SchemaRefused or ModelFault.SchemaUnprocessable or ModelFault.NewLimitUnprocessable:
                return new OddCompletion(IsUseful: true);
            case ModelFault.CodeFence:
                return Say($"```json\n{content}\n```");
            case ModelFault.Chatter:
                return Say($"Sure! Here is the JSON that you asked for:\n\n{content}\n\nLet me know if anything is missing.");
            case ModelFault.ThinkTags:
                return Say($"<think>\nThe learner wrote {{\"notes\"}}; I answer in their language.\n</think>\n\n{content}");
            case ModelFault.ContentParts:
                message["content"] = new JsonArray(
                    new JsonObject { ["type"] = "thinking", ["thinking"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = "They ask for {} JSON." }) },
                    new JsonObject { ["type"] = "text", ["text"] = content });
                return new OddCompletion(IsUseful: true);
            case ModelFault.OddFinishReason:
                choice["finish_reason"] = (number % 3) switch { 0 => null, 1 => "", _ => "eos" };
                return new OddCompletion(IsUseful: true);
            case ModelFault.Sparse:
                foreach (var name in new[] { "id", "object", "created", "model", "service_tier", "system_fingerprint" }) completion.Remove(name);
                foreach (var name in new[] { "role", "refusal", "annotations" }) message.Remove(name);
                foreach (var name in new[] { "index", "logprobs" }) choice.Remove(name);
                return new OddCompletion(IsUseful: true);
            case ModelFault.NoUsage:
                completion.Remove("usage");
                return new OddCompletion(IsUseful: true);
            case ModelFault.UsageTooLow:
                completion["usage"]!["prompt_tokens"] = completion["usage"]!["prompt_tokens"]!.GetValue<int>() / 20;
                return new OddCompletion(IsUseful: true);
            case ModelFault.OddSources:
                return Say(Renamed(content, number));
            case ModelFault.UnaskedStream:
                return new OddCompletion(IsUseful: true, IsStream: true);
            case ModelFault.Nonsense:
                Say("Sure! Here is the summary you asked for: {\"sentences\": [oops");
                return new OddCompletion(IsUseful: false);
            case ModelFault.Truncated:
                return new OddCompletion(IsUseful: false);
            case ModelFault.ReasoningOnly:
                Say("");
                choice["finish_reason"] = "length";
                completion["usage"]!["completion_tokens_details"]!["reasoning_tokens"] = completion["usage"]!["completion_tokens"]!.DeepClone();
                return new OddCompletion(IsUseful: false);
            case ModelFault.Refusal:
                (message["content"], message["refusal"]) = (null, "I'm sorry, I can't assist with that request.");
                return new OddCompletion(IsUseful: false);
            case ModelFault.ContentFilter:
                Say(content[..(content.Length / 3)]);
                choice["finish_reason"] = "content_filter";
                return new OddCompletion(IsUseful: false);
            case ModelFault.NoChoices:
                completion["choices"] = new JsonArray();
                return new OddCompletion(IsUseful: false);
            case ModelFault.ErrorInside:
                return new OddCompletion(IsUseful: false, """{"error":{"message":"Insufficient credits. Add more and retry.","code":402}}""");
            case ModelFault.HtmlPage:
                return new OddCompletion(IsUseful: false, Html, ContentType: "text/html; charset=utf-8");
            case ModelFault.BrokenOff:
                return new OddCompletion(IsUseful: false, IsBrokenOff: true);
            default:
                throw new ArgumentOutOfRangeException(nameof(fault), fault, "This fault does not concern an answer.");
        }

        OddCompletion Say(string text)
        {
            message["content"] = text;
            return new OddCompletion(IsUseful: true);
        }
    }

    /// <summary>The summary with its sources as models misspell them: 1, "1" or "[m1]" for "m1".</summary>
    private static string Renamed(string content, long number)
    {
        if (TryParse(content)?["sentences"] is not JsonArray sentences) return content;
        foreach (var sentence in sentences)
        {
            if (sentence?["sources"] is not JsonArray sources) continue;
            for (var index = 0; index < sources.Count; index++)
            {
                var id = $"{sources[index]}";
                sources[index] = (number % 3) switch
                {
                    0 when int.TryParse(id.TrimStart('m'), out var bare) => bare,
                    1 => id.TrimStart('m'),
                    _ => $"[{id}]",
                };
            }
        }

        return sentences.Root.ToJsonString(SandboxJson.Options);
    }

    private static JsonObject? TryParse(string content)
    {
        try
        {
            return JsonNode.Parse(content) as JsonObject;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }
}
