using System.Buffers;

namespace StudyTracker.Texts;

/// <summary>
/// Links as a reader is told of them: by label and host. The address is shortened to host and path: its query says nothing to
/// a reader and may hold what was meant for one person only, and without a scheme nothing takes it for a link.
/// </summary>
public static class SlackLink
{
    private const int MaxAddressLength = 200;

    private static readonly SearchValues<char> _schemeLetters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-.");

    /// <summary>A link, from its decoded or undecoded address and its decoded label; null when the address is none.</summary>
    public static string? Read(ReadOnlySpan<char> address, string label)
    {
        var colon = address.IndexOf(':');
        if (colon < 1 || !char.IsAsciiLetter(address[0]) || address[..colon].ContainsAnyExcept(_schemeLetters)) return null;
        var target = address[(colon + 1)..];
        var isLocated = target.StartsWith("//");
        if (!isLocated && !IsUnlocated(address[..colon])) return null;
        return Describe(isLocated ? Shown(target[2..]) : Decoded(target), isLocated, label);
    }

    /// <summary>Host and path of what follows <c>scheme://</c>.</summary>
    public static string Shown(ReadOnlySpan<char> address)
    {
        var end = address.IndexOfAny('?', '#');
        var shown = end < 0 ? address : address[..end];
        if (shown.IndexOf('/') is var slash && shown[..(slash < 0 ? shown.Length : slash)].LastIndexOf('@') is var at and >= 0) shown = shown[(at + 1)..];
        if (shown.StartsWith("www.", StringComparison.OrdinalIgnoreCase)) shown = shown[4..];
        return Graphemes.Shorten(Decoded(shown.TrimEnd('/')), MaxAddressLength);
    }

    private static string Describe(string shown, bool isLocated, string label)
    {
        var host = isLocated ? shown.Split('/', 2)[0] : "";
        if (string.IsNullOrWhiteSpace(label)) return shown;
        // Slack labels an address that somebody wrote without its scheme with what they wrote.
        if (label.Contains(host, StringComparison.OrdinalIgnoreCase)) return label.Contains("://", StringComparison.Ordinal) ? shown : label;
        return $"{label} ({host})";
    }

    private static string Decoded(ReadOnlySpan<char> text) => text.Contains('&') ? SlackEntities.Decode(text) : text.ToString();

    private static bool IsUnlocated(ReadOnlySpan<char> scheme) => scheme is "mailto" or "tel" or "sms" or "sip" or "skype" or "facetime" or "magnet" or "callto";
}
