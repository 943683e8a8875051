using Microsoft.Net.Http.Headers;

namespace StudyTracker.Ingress;

/// <summary>The kinds of body that are taken.</summary>
internal static class ContentTypes
{
    public const string Json = "application/json";
    public const string Form = "application/x-www-form-urlencoded";

    /// <summary>Whether a body is of a type, in UTF-8, and as it is: a compressed one may be small on the wire and vast in memory.</summary>
    public static bool IsSent(HttpRequest request, string type)
    {
        if (request.Headers.ContentEncoding.Count > 0) return false;
        if (request.ContentType == type) return true;
        return MediaTypeHeaderValue.TryParse(request.ContentType, out var sent)
            && sent.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)
            && (!sent.Charset.HasValue || HeaderUtilities.RemoveQuotes(sent.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));
    }
}
