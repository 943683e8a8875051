namespace StudyTracker.Texts;

/// <summary>
/// Reads Slack's markup: the one place where the text of a message becomes what its writer saw. Markup goes first and
/// entities after it, each once, so that a written <c>&amp;lt;</c> stays one. Nobody's id is left: people, groups and channels
/// go by their label, or else by none.
/// </summary>
public static class SlackMarkup
{
    /// <summary>A text as it stands in Slack's JSON, as plain text. What only looks like markup stays as it is.</summary>
    public static PlainWords Read(string text)
    {
        if (text.AsSpan().IndexOfAny('<', '&') < 0) return PlainWords.Of(text);
        var plain = new PlainWordsBuilder();
        var rest = text.AsSpan();
        var written = 0; // what stands before the next markup
        while (rest[written..].IndexOf('<') is var opens and >= 0)
        {
            var inner = rest[(written + opens + 1)..];
            var closes = inner.IndexOfAny('<', '>');
            if (closes > 0 && inner[closes] == '>' && SlackReference.Read(inner[..closes]) is { } reference)
            {
                Write(plain, rest[..(written + opens)]);
                reference.WriteTo(plain);
                rest = inner[(closes + 1)..];
                written = 0;
            }
            else
            {
                written += opens + 1;
            }
        }

        Write(plain, rest);
        return plain.Words;
    }

    private static void Write(PlainWordsBuilder plain, ReadOnlySpan<char> text) => plain.Write(text.Contains('&') ? SlackEntities.Decode(text) : text);
}
