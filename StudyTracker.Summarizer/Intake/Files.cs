using System.Text.Json;
using StudyTracker.Texts;

namespace StudyTracker.Summarizer.Intake;

/// <summary>Reads a message's files: the beginning of a snippet, the words of a recording, or else a title.</summary>
internal static class Files
{
    public static void Read(JsonPlace place, ReadOnlyMemory<byte> json, AttachedText attached)
    {
        using var files = place.Parse(json);
        if (files is not null) Read(files.RootElement, attached);
    }

    public static void Read(JsonElement files, AttachedText attached)
    {
        if (files.ValueKind != JsonValueKind.Array) return;
        foreach (var file in files.EnumerateArray()) ReadFile(file, attached);
    }

    private static void ReadFile(JsonElement file, AttachedText attached)
    {
        var title = First(file, "title", "name");
        var type = PlainText.Of(file, "filetype");
        var described = type.Length > 0 && title.Length > 0 ? $"{title} ({type})" : title + type;
        var words = PlainWords.Of(First(file, "preview", "plain_text"));
        if (!words.SaysSomething) words = PlainWords.Of(Transcript(file));
        if (words.SaysSomething) attached.Say(described.Length > 0 ? $"Snippet {described}" : "Snippet", words);
        else attached.Mention("File", described);
    }

    private static string Transcript(JsonElement file) =>
        file.ValueKind == JsonValueKind.Object && file.TryGetProperty("transcription", out var transcription)
        && transcription.ValueKind == JsonValueKind.Object && transcription.TryGetProperty("preview", out var preview)
            ? PlainText.Of(preview, "content")
            : "";

    private static string First(JsonElement file, string name, string otherwise) =>
        PlainText.Of(file, name) is { Length: > 0 } text ? text : PlainText.Of(file, otherwise);
}
