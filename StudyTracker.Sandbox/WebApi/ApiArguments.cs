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

    /// <summary>Reads a request; null with Slack's error when its body cannot be read.</summary>
    public static async Task<(ApiArguments? Arguments, string? Error)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var arguments = new ApiArguments();
        foreach (var (name, value) in request.Query) arguments.Set(name, value.ToString());

        if (request.HasFormContentType)
        {
            foreach (var (name, value) in await request.ReadFormAsync(cancellationToken)) arguments.Set(name, value.ToString());
        }
        else if (request.HasJsonContentType())
        {
            try
            {
                using var body = await JsonDocument.ParseAsync(request.Body, cancellationToken: cancellationToken);
                if (body.RootElement.ValueKind != JsonValueKind.Object) return (null, "json_not_object");
                arguments.Set(body.RootElement);
            }
            catch (JsonException)
            {
                return (null, "invalid_json");
            }
        }

        return (arguments, null);
    }

    /// <summary>The arguments of a JSON body.</summary>
    public static ApiArguments Of(JsonElement body)
    {
        var arguments = new ApiArguments();
        arguments.Set(body);
        return arguments;
    }

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

    /// <summary>A number, or what stands in for it.</summary>
    public int Number(string name, int otherwise) =>
        int.TryParse(Text(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : otherwise;

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
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void Set(JsonElement body)
    {
        foreach (var member in body.EnumerateObject()) _values[member.Name] = member.Value.Clone();
    }

    private void Set(string name, string value) => _values[name] = JsonSerializer.SerializeToElement(value);
}
