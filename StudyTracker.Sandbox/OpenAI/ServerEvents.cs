using System.Text;
using System.Text.Json.Nodes;

namespace StudyTracker.Sandbox.OpenAI;

/// <summary>Server-sent events, one after another, each sent at once.</summary>
internal static class ServerEvents
{
    public static async Task WriteAsync(HttpContext context, string? name, JsonObject data) =>
        await WriteAsync(context, name, data.ToJsonString(SandboxJson.Options));

    public static async Task WriteAsync(HttpContext context, string? name, string data)
    {
        await context.Response.WriteAsync(name is null ? $"data: {data}\n\n" : $"event: {name}\ndata: {data}\n\n", Encoding.UTF8, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    /// <summary>A text in the pieces in which it is sent: about a word each, and no character cut in two.</summary>
    public static IEnumerable<string> Pieces(string text)
    {
        const int most = 12;
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf(' ', start, Math.Min(most, text.Length - start)) is var space and >= 0 ? space + 1 : Math.Min(start + most, text.Length);
            if (end < text.Length && char.IsHighSurrogate(text[end - 1])) end++;
            yield return text[start..end];
            start = end;
        }
    }
}
