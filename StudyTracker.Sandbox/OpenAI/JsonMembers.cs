using System.Text.Json;

namespace StudyTracker.Sandbox.OpenAI;

/// <summary>Members of JSON objects, where a member that is null counts as left out.</summary>
internal static class JsonMembers
{
    public static JsonElement? Member(this JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? member : null;

    public static string? TextOf(this JsonElement owner, string name) => owner.Member(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    public static int? NumberOf(this JsonElement owner, string name) =>
        owner.Member(name) is { ValueKind: JsonValueKind.Number } number ? (int)Math.Clamp(number.GetDouble(), int.MinValue, int.MaxValue) : null;

    public static bool IsTrue(this JsonElement owner, string name) => owner.Member(name) is { ValueKind: JsonValueKind.True };
}
