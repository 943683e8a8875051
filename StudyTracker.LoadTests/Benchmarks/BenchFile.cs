using System.Text.Encodings.Web;
using System.Text.Json;
using StudyTracker.AppHost.Local;

namespace StudyTracker.LoadTests.Benchmarks;

/// <summary>Where a benchmark's figures are kept: <c>artifacts/bench/&lt;name&gt;.json</c> below the repository.</summary>
internal static class BenchFile
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes the figures and returns the file's path.</summary>
    public static async Task<string> WriteAsync<T>(string name, T figures, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(Path.Combine(ServicePaths.Repository(AppContext.BaseDirectory), "artifacts", "bench"));
        var path = Path.Combine(folder.FullName, $"{name}.json");
        await File.WriteAllTextAsync(path, JsonSerializer.Serialize(figures, _json) + "\n", cancellationToken);
        return path;
    }
}
