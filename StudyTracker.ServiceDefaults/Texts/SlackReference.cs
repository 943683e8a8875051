using System.Buffers;
using System.Globalization;

namespace StudyTracker.Texts;

/// <summary>What Slack writes between angle brackets: a person, a group, a channel, everybody, a date or a link.</summary>
/// <param name="Text">How a reader sees it.</param>
/// <param name="IsName">Whether it only names somebody or something in Slack, and so says nothing by itself.</param>
public readonly record struct SlackReference(string Text, bool IsName)
{
    /// <summary>Somebody without a label.</summary>
    public const string Someone = "@someone";

    /// <summary>A group without a label.</summary>
    public const string SomeGroup = "@a-group";

    /// <summary>A channel without a label.</summary>
    public const string SomeChannel = "#a-channel";

    private static readonly SearchValues<char> _idLetters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.");

    /// <summary>Reads what stands between the brackets; null when it is nothing of Slack's.</summary>
    public static SlackReference? Read(ReadOnlySpan<char> inner)
    {
        var bar = inner.IndexOf('|');
        var target = bar < 0 ? inner : inner[..bar];
        var label = bar < 0 ? "" : SlackEntities.Decode(inner[(bar + 1)..]);
        return target switch
        {
            ['@', .. var id] => IsId(id) ? new(Named('@', label, Someone), true) : null,
            ['#', .. var id] => IsId(id) ? new(Named('#', label, SomeChannel), true) : null,
            ['!', .. var command] => Command(command, label),
            _ => SlackLink.Read(target, label) is { } link ? new(link, false) : null,
        };
    }

    /// <summary>Adds it to a text.</summary>
    public void WriteTo(PlainWordsBuilder plain)
    {
        if (IsName) plain.Name(Text);
        else plain.Write(Text);
    }

    /// <summary>Everybody, as a mention of them is shown.</summary>
    public static SlackReference Broadcast(string range) => new($"@{range}", true);

    private static SlackReference? Command(ReadOnlySpan<char> command, string label) => command switch
    {
        "here" or "channel" or "everyone" or "group" => Broadcast(command.ToString()),
        _ when command.StartsWith("subteam^") => new(Named('@', label, SomeGroup), true),
        _ when command.StartsWith("date^") => new(label.Length > 0 ? label : Date(command["date^".Length..]), false),
        // Whatever else Slack may come to send has a label for those who do not know it.
        _ => label.Length > 0 ? new(label, false) : null,
    };

    private static string Named(char sign, string label, string unnamed) =>
        label.AsSpan().Trim().TrimStart(sign) is { Length: > 0 } name ? $"{sign}{name}" : unnamed;

    private static string Date(ReadOnlySpan<char> arguments)
    {
        var end = arguments.IndexOf('^');
        return long.TryParse(end < 0 ? arguments : arguments[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : "";
    }

    private static bool IsId(ReadOnlySpan<char> text) => text.Length > 0 && !text.ContainsAnyExcept(_idLetters);
}
