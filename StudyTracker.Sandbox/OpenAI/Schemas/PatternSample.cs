using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace StudyTracker.Sandbox.OpenAI.Schemas;

/// <summary>
/// Writes a short text that a pattern matches: of alternatives the first, of repetitions the fewest. Knows literals, classes,
/// groups, alternatives, repetitions and anchors; whether the text does match is for the caller to see.
/// </summary>
internal sealed class PatternSample
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_- .,:;!?@#/+*=()[]{}<>'\"\\|&%$~^`\t\n가é";
    private const int MaxRepetitions = 1_000;
    private readonly string _pattern;
    private int _at;

    private PatternSample(string pattern) => _pattern = pattern;

    public static string Of(Regex pattern)
    {
        var sample = new PatternSample(pattern.ToString()).Alternatives();
        // An empty text says nothing where more is allowed.
        return sample.Length == 0 && pattern.IsMatch("a") ? "a" : sample;
    }

    private bool Ends => _at >= _pattern.Length;

    private string Alternatives()
    {
        var first = Sequence();
        while (!Ends && _pattern[_at] == '|')
        {
            _at++;
            Sequence();
        }

        return first;
    }

    private string Sequence()
    {
        var text = new StringBuilder();
        while (!Ends && _pattern[_at] is not ('|' or ')'))
        {
            var atom = Atom();
            for (var times = Repetitions(); times > 0; times--) text.Append(atom);
        }

        return text.ToString();
    }

    private string Atom()
    {
        var character = _pattern[_at++];
        switch (character)
        {
            case '^' or '$': return "";
            case '.': return "a";
            case '[': return Class();
            case '\\': return First(Escape());
            case '(':
                SkipGroupName();
                var inner = Alternatives();
                _at++;
                return inner;
            default: return $"{character}";
        }
    }

    private void SkipGroupName()
    {
        if (Ends || _pattern[_at] != '?') return;
        var end = _pattern.IndexOfAny(_pattern[_at + 1] is '<' or '\'' ? ['>', '\''] : [':', ')'], _at + 2);
        // Options such as (?i) are a group of nothing.
        _at = _pattern[end] == ')' ? end : end + 1;
    }

    private int Repetitions()
    {
        if (Ends) return 1;
        var times = 1;
        if (_pattern[_at] is '*' or '?' or '+')
        {
            times = _pattern[_at] == '+' ? 1 : 0;
            _at++;
        }
        else if (_pattern[_at] == '{' && _pattern.IndexOf('}', _at) is > 0 and var end
            && int.TryParse(_pattern[(_at + 1)..end].Split(',')[0], CultureInfo.InvariantCulture, out times))
        {
            _at = end + 1;
        }
        else
        {
            return 1;
        }

        if (!Ends && _pattern[_at] == '?') _at++;
        return Math.Min(times, MaxRepetitions);
    }

    private string Class()
    {
        var negated = !Ends && _pattern[_at] == '^';
        if (negated) _at++;
        var members = new StringBuilder();
        for (var first = true; !Ends && (first || _pattern[_at] != ']'); first = false)
        {
            var from = _pattern[_at++] is var character && character == '\\' ? Escape() : $"{character}";
            if (from.Length == 1 && _at + 1 < _pattern.Length && _pattern[_at] == '-' && _pattern[_at + 1] != ']')
            {
                _at++;
                var to = _pattern[_at++] is var last && last == '\\' ? Escape() : $"{last}";
                for (int one = from[0]; one <= to[0]; one++) members.Append((char)one);
            }
            else members.Append(from);
        }

        _at++;
        var all = members.ToString();
        return First(negated ? Except(all) : all);
    }

    /// <summary>The characters that an escape stands for; empty for one that stands between characters.</summary>
    private string Escape()
    {
        var character = Ends ? '\\' : _pattern[_at++];
        return character switch
        {
            'd' => "0123456789",
            'w' => "abcdefghijklmnopqrstuvwxyz0123456789_",
            's' => " \t\n",
            'D' => Except("0123456789"),
            'W' => Except(new string([.. Letters.Where(one => char.IsLetterOrDigit(one) || one == '_')])),
            'S' => Except(" \t\n"),
            'b' or 'B' or 'A' or 'Z' or 'z' => "",
            'p' or 'P' => Category(character == 'P'),
            'n' => "\n",
            'r' => "\r",
            't' => "\t",
            'u' => Code(4),
            'x' => Code(2),
            _ => $"{character}",
        };
    }

    private string Category(bool negated)
    {
        var end = _pattern.IndexOf('}', _at);
        var name = end < 0 ? "L" : _pattern[(_at + 1)..end];
        _at = end < 0 ? _pattern.Length : end + 1;
        var category = new Regex($@"\{(negated ? 'P' : 'p')}{{{name}}}", RegexOptions.NonBacktracking);
        return new string([.. Letters.Where(one => category.IsMatch($"{one}"))]);
    }

    private string Code(int digits)
    {
        var code = int.Parse(_pattern.AsSpan(_at, digits), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        _at += digits;
        return $"{(char)code}";
    }

    private static string Except(string characters) => new([.. Letters.Where(one => !characters.Contains(one, StringComparison.Ordinal))]);

    private static string First(string characters) => characters.Length == 0 ? "" : characters[..1];
}
