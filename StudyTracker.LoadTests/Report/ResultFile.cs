using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace StudyTracker.LoadTests.Report;

/// <summary>result.json.</summary>
internal static class ResultFile
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    // The safe encoder escapes <, > and &, so that nothing of the data can end the script element that it stands in.
    private static readonly JsonSerializerOptions _html = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>As the file has it.</summary>
    public static string ToJson(RunResult result) => JsonSerializer.Serialize(result, _json);

    /// <summary>As it can stand in a page.</summary>
    public static string ToScript(RunResult result) => JsonSerializer.Serialize(result, _html);

    /// <summary>Reads a file.</summary>
    /// <exception cref="LoadException">It is none of ours.</exception>
    public static RunResult Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<RunResult>(File.ReadAllText(path), _json) ?? throw new JsonException("It is empty.");
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new LoadException($"{path} is no result of a load test: {error.Message}", error);
        }
    }
}
