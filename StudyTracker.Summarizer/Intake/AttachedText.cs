using System.Text;
using StudyTracker.Texts;

namespace StudyTracker.Summarizer.Intake;

/// <summary>
/// What came along with a message, one paragraph each with a label, so that the model can tell it from the writer's own words.
/// </summary>
/// <param name="maxLength">In characters; what is longer is cut.</param>
internal sealed class AttachedText(int maxLength)
{
    private readonly StringBuilder _text = new();

    public string Text => _text.ToString();

    /// <summary>Whether there is a forwarded message or a snippet with words. What a link leads to is not what the writer said.</summary>
    public bool SaysSomething { get; private set; }

    /// <summary>Whether something did not fit.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Adds a text that counts as said.</summary>
    public void Say(string label, PlainWords words)
    {
        if (!words.SaysSomething) return;
        SaysSomething = true;
        Mention(label, words.Text);
    }

    /// <summary>Adds what only helps to understand the message.</summary>
    public void Mention(string label, string text)
    {
        text = text.Trim();
        if (text.Length == 0) return;
        var paragraph = _text.Length > 0 ? $"\n{label}: {text}" : $"{label}: {text}";
        var beginning = Graphemes.Beginning(paragraph, maxLength - _text.Length);
        IsCut |= beginning.Length < paragraph.Length;
        _text.Append(beginning);
    }
}
