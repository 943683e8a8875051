using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace StudyTracker.Sandbox.Faults;

/// <summary><c>/sandbox/settings</c>: what goes wrong on purpose.</summary>
internal static class SettingsEndpoints
{
    // A misspelt switch must not pass as "no fault": a test that relies on it would prove nothing.
    private static readonly JsonSerializerOptions _strict = new(SandboxJson.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public static void MapSettings(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/sandbox/settings", (FaultInjector faults) => faults.Settings);
        endpoints.MapDelete("/sandbox/settings", (FaultInjector faults) => faults.Settings = faults.AtStart());
        endpoints.MapPut("/sandbox/settings", (JsonObject change, FaultInjector faults) =>
        {
            var (settings, problem) = Merge(faults.Settings, change);
            if (problem is not null) return Results.Problem(problem, statusCode: StatusCodes.Status400BadRequest);
            faults.Settings = settings;
            return Results.Ok(settings);
        });
    }

    /// <summary>Merges a partial change as JSON Merge Patch (RFC 7396): null takes a member away.</summary>
    internal static (FaultSettings Settings, string? Problem) Merge(FaultSettings current, JsonObject change)
    {
        var merged = JsonSerializer.SerializeToNode(current, SandboxJson.Options)!.AsObject();
        try
        {
            Patch(merged, change);
            var settings = merged.Deserialize<FaultSettings>(_strict)!;
            return settings.Problem() is { } problem ? (current, problem) : (settings, null);
        }
        catch (JsonException exception)
        {
            return (current, $"{exception.Path}: not a setting, or not of its type.");
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return (current, "Each setting once, and all text in Unicode.");
        }
    }

    private static void Patch(JsonObject target, JsonObject change)
    {
        foreach (var (name, value) in change)
        {
            if (value is null) target.Remove(name);
            else if (value is JsonObject inner && target[name] is JsonObject existing) Patch(existing, inner);
            else target[name] = value.DeepClone();
        }
    }
}
