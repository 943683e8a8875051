using System.Globalization;
using System.Text.Json;

namespace StudyTracker.Sandbox.WebApi.Blocks;

/// <summary>Slack's rules for Block Kit: block-rules.json, and what a rule for one value cannot say.</summary>
internal static class BlockRules
{
    /// <summary>
    /// Characters of text in all blocks of a message. Slack does not say where
    /// <c>msg_blocks_too_long</c> begins; this is what was measured with one block (slackapi/bolt-js, issue 2509).
    /// </summary>
    public const int MaxCharacters = 13_297;

    /// <summary>What every further block takes of <see cref="MaxCharacters"/>, measured likewise.</summary>
    private const int CharactersPerFurtherBlock = 125;

    private const int MaxInMessage = 50, MaxInView = 100;

    private static readonly Rule _message = new Rule.ListOf(RuleBook.Slack.Group("message_block"), 0, MaxInMessage);
    private static readonly Rule _view = new Rule.ListOf(RuleBook.Slack.Group("view_block"), 0, MaxInView);

    /// <summary>What is wrong with a message's blocks, in Slack's words with JSON pointers.</summary>
    public static IReadOnlyList<string> OfMessage(JsonElement blocks) => Problems(blocks, _message, "/blocks");

    /// <summary>What is wrong with a view's blocks.</summary>
    public static IReadOnlyList<string> OfView(JsonElement blocks) => Problems(blocks, _view, "/view/blocks");

    /// <summary>Whether a message's blocks are too long in all.</summary>
    public static bool AreTooLong(JsonElement blocks) =>
        BlockText.Of(blocks).Sum(text => text.EnumerateRunes().Count()) + CharactersPerFurtherBlock * Math.Max(0, blocks.GetArrayLength() - 1) > MaxCharacters;

    private static List<string> Problems(JsonElement blocks, Rule rule, string at)
    {
        var problems = new List<string>();
        rule.Check(blocks, at, problems);
        if (problems.Count == 0) CheckTogether(blocks, at, problems);
        return problems;
    }

    /// <summary>What can only be seen by looking at more than one value; every value is known to be well-formed.</summary>
    private static void CheckTogether(JsonElement blocks, string at, List<string> problems)
    {
        var blockIds = new HashSet<string>(StringComparer.Ordinal);
        var index = 0;
        foreach (var block in blocks.EnumerateArray())
        {
            var here = string.Create(CultureInfo.InvariantCulture, $"{at}/{index++}");
            CheckUnique(block, "block_id", blockIds, here, problems);
            var type = block.GetProperty("type").GetString();
            if (type == "section" && !block.TryGetProperty("text", out _) && !block.TryGetProperty("fields", out _))
                problems.Add($"must define either `text` or `fields` [json-pointer:{here}/type]");
            if (type == "image") CheckImage(block, here, problems);

            var actionIds = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (element, path) in BlockElements.Of(block))
            {
                CheckUnique(element, "action_id", actionIds, here + path, problems);
                var kind = element.GetProperty("type").GetString();
                if (kind == "image") CheckImage(element, here + path, problems);
                if (kind is "static_select" or "multi_static_select" && !element.TryGetProperty("options", out _) && !element.TryGetProperty("option_groups", out _))
                    problems.Add($"must define either `options` or `option_groups` [json-pointer:{here}{path}/type]");
            }
        }
    }

    private static void CheckImage(JsonElement image, string at, List<string> problems)
    {
        if (!image.TryGetProperty("image_url", out _) && !image.TryGetProperty("slack_file", out _))
            problems.Add($"missing required field: image_url [json-pointer:{at}]");
    }

    private static void CheckUnique(JsonElement owner, string name, HashSet<string> known, string at, List<string> problems)
    {
        if (owner.TryGetProperty(name, out var id) && id.GetString() is { Length: > 0 } text && !known.Add(text))
            problems.Add($"`{name}` \"{text}\" already exists [json-pointer:{at}/{name}]");
    }
}
