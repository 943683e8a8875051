using System.Text;

namespace StudyTracker.Texts;

/// <summary>A text as its reader sees it.</summary>
/// <param name="Text">The text, without markup.</param>
/// <param name="SaysSomething">Whether it has <see cref="Words"/> beyond names of people, groups and channels.</param>
public readonly record struct PlainWords(string Text, bool SaysSomething)
{
    /// <summary>A text that has no markup.</summary>
    public static PlainWords Of(string text) => new(text, Words.AreIn(text));
}

/// <summary>Puts a plain text together from what was written and from names that Slack has put into it.</summary>
public sealed class PlainWordsBuilder
{
    private readonly StringBuilder _text = new();
    private bool _saysSomething;

    /// <summary>How long the text is so far.</summary>
    public int Length => _text.Length;

    /// <summary>What is there so far.</summary>
    public PlainWords Words => new(_text.ToString(), _saysSomething);

    /// <summary>Adds what somebody wrote.</summary>
    public void Write(ReadOnlySpan<char> text)
    {
        _text.Append(text);
        _saysSomething = _saysSomething || StudyTracker.Texts.Words.AreIn(text);
    }

    /// <summary>Adds what says nothing by itself: whom a mention names, an emoji, what is between two lines.</summary>
    public void Name(ReadOnlySpan<char> text) => _text.Append(text);

    /// <summary>Adds a text that was put together already.</summary>
    public void Add(PlainWords words)
    {
        _text.Append(words.Text);
        _saysSomething = _saysSomething || words.SaysSomething;
    }
}
