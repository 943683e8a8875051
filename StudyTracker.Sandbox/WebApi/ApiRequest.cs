using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace StudyTracker.Sandbox.WebApi;

/// <summary>Reads the arguments of a request from where Slack looks for them.</summary>
internal static partial class ApiRequest
{
    private const string MissingCharset = "missing_charset", SuperfluousCharset = "superfluous_charset";

    /// <summary>Reads a request; null with Slack's error when it cannot be read.</summary>
    public static async Task<(ApiArguments? Arguments, string? Error)> ReadAsync(HttpRequest request, Body body, CancellationToken cancellationToken)
    {
        var arguments = new ApiArguments();
        foreach (var (name, value) in request.Query) arguments.Set(name, value.ToString());
        var error = ProblemOf(request.Query.Keys);
        if (error is null && HttpMethods.IsPost(request.Method)) error = await ReadBodyAsync(request, body, arguments, cancellationToken);
        return error is null ? (arguments, null) : (null, error);
    }

    /// <summary>Why the names of a query or form are refused; null when they are not.</summary>
    public static string? ProblemOf(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            if (name.EndsWith(']')) return "invalid_array_arg";
            if (!ArgumentName().IsMatch(name)) return "invalid_arg_name";
        }

        return null;
    }

    /// <summary>Whether all text in it is Unicode: half a surrogate pair can be escaped in JSON, but is no character.</summary>
    public static bool IsReadable(JsonElement json)
    {
        try
        {
            return json.ValueKind switch
            {
                JsonValueKind.String => json.GetString() is not null,
                JsonValueKind.Array => json.EnumerateArray().All(IsReadable),
                JsonValueKind.Object => json.EnumerateObject().All(member => member.Name is not null && IsReadable(member.Value)),
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static async Task<string?> ReadBodyAsync(HttpRequest request, Body body, ApiArguments arguments, CancellationToken cancellationToken)
    {
        var isEmpty = request.ContentLength is not > 0 && request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true;
        if (string.IsNullOrEmpty(request.ContentType)) return isEmpty ? null : "missing_post_type";
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)) return "invalid_post_type";
        var charset = type.Charset.ToString().Trim('"');
        if (charset.Length > 0 && !charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) && !charset.Equals("iso-8859-1", StringComparison.OrdinalIgnoreCase))
            return "invalid_charset";

        switch (type.MediaType.ToString().ToLowerInvariant())
        {
            case "application/x-www-form-urlencoded" or "multipart/form-data":
                if (charset.Length > 0) arguments.Warning = SuperfluousCharset;
                return await ReadFormAsync(request, arguments, cancellationToken);
            case "application/json":
                if (charset.Length == 0) arguments.Warning = MissingCharset;
                return body == Body.Form || isEmpty ? null : await ReadJsonAsync(request, arguments, cancellationToken);
            case "text/plain":
                if (charset.Length == 0) arguments.Warning = MissingCharset;
                return null;
            default:
                return "invalid_post_type";
        }
    }

    private static async Task<string?> ReadFormAsync(HttpRequest request, ApiArguments arguments, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var (name, value) in await request.ReadFormAsync(cancellationToken)) arguments.Set(name, value.ToString());
            return ProblemOf(arguments.Names);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            return "invalid_form_data";
        }
    }

    private static async Task<string?> ReadJsonAsync(HttpRequest request, ApiArguments arguments, CancellationToken cancellationToken)
    {
        try
        {
            using var json = await JsonDocument.ParseAsync(request.Body, cancellationToken: cancellationToken);
            if (!IsReadable(json.RootElement)) return "invalid_json";
            if (json.RootElement.ValueKind != JsonValueKind.Object) return "json_not_object";
            arguments.Set(json.RootElement);
            return null;
        }
        catch (JsonException)
        {
            return "invalid_json";
        }
    }

    [GeneratedRegex("^[A-Za-z0-9_]{1,255}$", RegexOptions.CultureInvariant)]
    private static partial Regex ArgumentName();
}
