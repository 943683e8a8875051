using System.Text;
using System.Text.RegularExpressions;

namespace StudyTracker.Summarizer.Summaries;

/// <summary>A server's own words, fit for logs and lists: one short line, with nothing in it of the request or of a key.</summary>
internal static partial class ServerWords
{
    private const int MaxLength = 240;

    // So many characters in a row that are in the request too are taken for a quotation of it.
    private const int Quotation = 12;
    private const int ShortestNote = 3;

    public static string Of(string message, Prompt prompt, string apiKey)
    {
        var line = OneLine(message);
        if (apiKey.Length > 3) line = line.Replace(apiKey, "…", StringComparison.Ordinal);
        line = Escapes().Replace(KeyLike().Replace(line, "…"), "…");
        return WithoutQuotations(line, prompt);
    }

    private static string OneLine(string message)
    {
        var line = new StringBuilder(MaxLength + 1);
        foreach (var rune in message.EnumerateRunes())
        {
            if (line.Length >= MaxLength) return line.Append('…').ToString();
            if (!Rune.IsControl(rune) && !Rune.IsWhiteSpace(rune)) line.Append(rune);
            else if (line.Length > 0 && line[^1] != ' ') line.Append(' ');
        }

        return line.ToString().TrimEnd();
    }

    private static string WithoutQuotations(string line, Prompt prompt)
    {
        foreach (var note in prompt.Texts)
        {
            if (note.Length is >= ShortestNote and < Quotation) line = line.Replace(note, "…", StringComparison.OrdinalIgnoreCase);
        }

        var quoted = new bool[line.Length];
        for (var start = 0; start + Quotation <= line.Length; start++)
        {
            var window = line.Substring(start, Quotation);
            if (prompt.Texts.Any(note => note.Contains(window, StringComparison.OrdinalIgnoreCase))) Array.Fill(quoted, true, start, Quotation);
        }

        var kept = new StringBuilder(line.Length);
        for (var index = 0; index < line.Length; index++)
        {
            if (!quoted[index]) kept.Append(line[index]);
            else if (index == 0 || !quoted[index - 1]) kept.Append('…');
        }

        return kept.ToString();
    }

    // Text of other scripts, as some servers quote it.
    [GeneratedRegex(@"(\\u[0-9a-fA-F]{4}){2,}")]
    private static partial Regex Escapes();

    [GeneratedRegex(@"\b(sk|pk|gsk|xai|key|AIza|hf)[-_][\w*.-]{6,}|\bAIza[\w*-]{10,}|[Bb]earer\s+\S+|\S*\*{3,}\S*")]
    private static partial Regex KeyLike();
}
