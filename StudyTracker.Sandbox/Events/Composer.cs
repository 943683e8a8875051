using System.Text;
using System.Text.RegularExpressions;
using StudyTracker.Sandbox.Workspaces;

namespace StudyTracker.Sandbox.Events;

/// <summary>
/// What Slack's message box makes of what somebody types: <c>&amp;</c>, <c>&lt;</c> and <c>&gt;</c> become entities, addresses become links,
/// @names and #channels that exist become mentions, and emoji become their names. In code nothing but the entities.
/// </summary>
internal static partial class Composer
{
    // Not a whole table: those that people who study use, so that both forms are seen.
    private static readonly Dictionary<string, string> _emoji = new(StringComparer.Ordinal)
    {
        ["👍"] = "+1",
        ["🎉"] = "tada",
        ["🔥"] = "fire",
        ["🚀"] = "rocket",
        ["✅"] = "white_check_mark",
        ["📚"] = "books",
        ["🙏"] = "pray",
        ["💯"] = "100",
        ["😀"] = "grinning",
        ["🙂"] = "slightly_smiling_face",
        ["😂"] = "joy",
        ["😅"] = "sweat_smile",
        ["😭"] = "sob",
        ["🤔"] = "thinking_face",
        ["👀"] = "eyes",
        ["👏"] = "clap",
        ["💡"] = "bulb",
        ["⭐"] = "star",
        ["❤️"] = "heart",
    };

    /// <summary>The text as Slack sends it.</summary>
    public static string Compose(string typed, Workspace workspace)
    {
        var text = new StringBuilder();
        var at = 0;
        foreach (Match code in Code().Matches(typed))
        {
            text.Append(Prose(typed[at..code.Index], workspace)).Append(Escape(code.Value));
            at = code.Index + code.Length;
        }

        return text.Append(Prose(typed[at..], workspace)).ToString();
    }

    /// <summary>The three characters that Slack's markup is made of, as entities.</summary>
    public static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal);

    private static string Prose(string typed, Workspace workspace)
    {
        var text = new StringBuilder();
        var at = 0;
        foreach (Match found in Special().Matches(typed))
        {
            text.Append(Escape(typed[at..found.Index])).Append(Encode(found, workspace) ?? Escape(found.Value));
            at = found.Index + found.Length;
        }

        return text.Append(Escape(typed[at..])).ToString();
    }

    private static string? Encode(Match found, Workspace workspace)
    {
        var value = found.Value;
        if (found.Groups["url"].Success) return $"<{Escape(value)}>";
        if (found.Groups["domain"].Success) return $"<http://{value}|{value}>";
        if (found.Groups["mail"].Success) return $"<mailto:{value}|{value}>";
        if (found.Groups["emoji"].Success) return $":{_emoji[value]}:";
        if (found.Groups["here"].Success) return $"<!{value[1..]}>";
        if (found.Groups["channel"].Success)
            return workspace.Channels.Values.FirstOrDefault(channel => channel.Name == value[1..]) is { } channel ? $"<#{channel.Id}|{channel.Name}>" : null;
        return workspace.Learners.Values.FirstOrDefault(learner => learner.Name == value[1..]) is { } learner ? $"<@{learner.Id}>" : null;
    }

    [GeneratedRegex("```.+?```|`[^`\\n]+`", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Code();

    [GeneratedRegex(
        """
        (?<url>https?://[^\s<>"`|]+[^\s<>"`|.,;:!?)\]'])
        |(?<mail>(?<![\w.+-])[\w.+-]+@[\w-]+\.[a-z]{2,}\b)
        |(?<domain>(?<![\w@/.-])(?:[a-z0-9-]+\.)+(?:com|org|net|io|dev)\b(?![\w.]))
        |(?<here>(?<!\w)@(?:here|channel|everyone)\b)
        |(?<person>(?<!\w)@[\w.-]*\w)
        |(?<channel>(?<![\w&])\#[\w-]+)
        |(?<emoji>👍|🎉|🔥|🚀|✅|📚|🙏|💯|😀|🙂|😂|😅|😭|🤔|👀|👏|💡|⭐|❤️)
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Special();
}
