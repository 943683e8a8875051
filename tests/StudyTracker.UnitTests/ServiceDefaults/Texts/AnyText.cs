using System.Text;
using CsCheck;

namespace StudyTracker.UnitTests.ServiceDefaults.Texts;

/// <summary>Texts as odd as they can be: all planes of Unicode, halves of pairs, marks without letters, Slack's markup in pieces.</summary>
internal static class AnyText
{
    private static readonly string[] _pieces =
    [
        "<", ">", "&", "&amp;", "&lt;", "&gt;", "&amp;lt;", "&amp;amp;", "|", "<@U2>", "<@U2|bob>", "<#C1>", "<#C1|>", "<#C1|general>",
        "<!here>", "<!channel|@channel>", "<!subteam^S1|@group>", "<!date^1392734382^{date}|Feb 18>", "<https://x.example/a?b=c|doc>",
        "<https://x.example>", "<mailto:a@b.example|a@b.example>", "https://", "www.", "@here", "@channel", ":+1:", "::", "```", "`", "*", "_", "~",
        "\0", "\u0007", "\r\n", "\n", "\t", "\u200B", "\u200C", "\u200D", "\u202E", "\u2066", "\u3164", "\u2800", "\uFE0F", "\uFEFF", "\u2028",
        "\uFFFD", "\uFFFF", "\uD800", "\uDC00", "e\u0301", "👩\u200D👩\u200D👧", "👍🏽", "🇰🇷", "🏴\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F",
        "1\uFE0F\u20E3", "한글", "ᄒ\u1161\u11AB", "العربية", "می\u200Cخواهم", "क्\u200Dष", "Vec<u8>", "a && b", "std::vector<int>", "List<@Nullable T>",
        "**kwargs", "__init__", " ", "x", "7", "!",
    ];

    private static readonly Gen<string> _piece = Gen.OneOf<string>(
        Gen.Int[0, _pieces.Length - 1].Select(index => _pieces[index]),
        Gen.Char.Select(letter => letter.ToString()),
        Gen.Char['\uD800', '\uDFFF'].Select(half => half.ToString()),
        Gen.Int[0x10000, 0x10FFFF].Select(char.ConvertFromUtf32),
        Gen.Select(Gen.OneOf('\u0301', '\u200D', '\u20E3', '\uFE0F', '\uD800', '<', '&', ':', 'x', '\0'), Gen.Int[1, 300]).Select((letter, count) => new string(letter, count)));

    /// <summary>Up to some hundred characters, now and then thousands.</summary>
    public static Gen<string> Short { get; } = _piece.Array[0, 30].Select(string.Concat);

    /// <summary>A text of up to so many characters, the same for the same numbers.</summary>
    public static string Random(Random random, int length)
    {
        var text = new StringBuilder(length);
        while (text.Length < length)
        {
            switch (random.Next(8))
            {
                case 0:
                    text.Append((char)random.Next(char.MaxValue + 1));
                    break;
                case 1:
                    text.Append(char.ConvertFromUtf32(random.Next(0x10000, 0x110000)));
                    break;
                case 2:
                    text.Append((char)random.Next(' ', 127), 1 + random.Next(3));
                    break;
                case 3:
                    text.Append(_pieces[random.Next(_pieces.Length)][0], random.Next(length / 4));
                    break;
                default:
                    text.Append(_pieces[random.Next(_pieces.Length)]);
                    break;
            }

            if (random.Next(20) == 0) break;
        }

        return text.Length <= length ? text.ToString() : text.ToString(0, length);
    }
}
