using System.Globalization;
using System.Text.Json;

namespace StudyTracker.Sandbox.WebApi;

/// <summary>
/// Arguments of a Web API call, which Slack takes from the query, a form, or a JSON body. In the first two everything
/// is text, also blocks and metadata (JSON) and lists (comma-separated).
/// </summary>
internal sealed class ApiArguments
{
    private readonly Dictionary<string, JsonElement> _values = new(StringComparer.Ordinal);

    /// <summary>What is odd about the request but no error, such as <c>missing_charset</c>.</summary>
    public string? Warning { get; set; }

    /// <summary>The token that the call was made with.</summary>
    public string? Caller { get; set; }

    /// <summary>The names that are there.</summary>
    public IEnumerable<string> Names => _values.Keys;

    /// <summary>The arguments of a JSON body.</summary>
    public static ApiArguments Of(JsonElement body)
    {
        var arguments = new ApiArguments();
        foreach (var member in body.EnumerateObject()) arguments._values[member.Name] = member.Value.Clone();
        return arguments;
    }

    /// <summary>Sets an argument that came as text.</summary>
    public void Set(string name, string value) => _values[name] = JsonSerializer.SerializeToElement(value);

    /// <summary>Takes those of a JSON body. A token is not among them: Slack wants it in a header then.</summary>
    public void Set(JsonElement body)
    {
        foreach (var member in body.EnumerateObject())
        {
            if (member.Name != "token") _values[member.Name] = member.Value.Clone();
        }
    }

    /// <summary>Whether it is there, be it empty; null in JSON is as good as absent.</summary>
    public bool Has(string name) => _values.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>Text; null when absent, empty or null.</summary>
    public string? Text(string name) => _values.TryGetValue(name, out var value)
        ? value.ValueKind switch
        {
            JsonValueKind.String => value.GetString() is { Length: > 0 } text ? text : null,
            JsonValueKind.Null => null,
            _ => value.GetRawText(),
        }
        : null;

    /// <summary>Whether it says yes.</summary>
    public bool Flag(string name) => Text(name) is "true" or "True" or "1";

    /// <summary>A number between two others, or what stands in for it when it is absent; null when it is neither.</summary>
    public int? Number(string name, int otherwise, int min, int max) => Text(name) is not { } text
        ? otherwise
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max ? number : null;

    /// <summary>A list, from a JSON array or separated by commas.</summary>
    public IReadOnlyList<string> List(string name) => _values.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.Array
        ? [.. value.EnumerateArray().Select(item => item.ToString())]
        : Text(name)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    /// <summary>JSON, also from text that holds JSON; false when it is there but is not JSON.</summary>
    public bool TryJson(string name, out JsonElement? json)
    {
        json = null;
        if (!_values.TryGetValue(name, out var value) || value.ValueKind == JsonValueKind.Null) return true;
        if (value.ValueKind != JsonValueKind.String)
        {
            json = value;
            return true;
        }

        if (value.GetString() is not { Length: > 0 } text) return true;
        try
        {
            using var document = JsonDocument.Parse(text);
            json = document.RootElement.Clone();
            return ApiRequest.IsReadable(document.RootElement);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
