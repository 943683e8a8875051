using StudyTracker.AppHost.Local;

namespace StudyTracker.LoadTests.Running;

/// <summary>Where a run tells how it goes: lines that stay, and one that is written over.</summary>
/// <param name="writer">The terminal.</param>
/// <param name="isTerminal">Whether a line can be written over; else a new one comes every few seconds.</param>
internal sealed class RunOutput(TextWriter writer, bool isTerminal) : HostOutput
{
    private const int EveryLines = 5;
    private readonly Lock _lock = new();
    private int _width;
    private int _calls;

    /// <summary>Tells nobody.</summary>
    public static RunOutput Silent { get; } = new(TextWriter.Null, isTerminal: false);

    /// <inheritdoc />
    public override void Say(string text)
    {
        lock (_lock)
        {
            Clear();
            writer.WriteLine(text);
        }
    }

    /// <summary>Shows how it stands.</summary>
    public void Show(string text)
    {
        lock (_lock)
        {
            if (!isTerminal)
            {
                if (_calls++ % EveryLines == 0) writer.WriteLine(text);
                return;
            }

            Clear();
            writer.Write(text);
            writer.Flush();
            _width = text.Length;
        }
    }

    private void Clear()
    {
        if (_width > 0) writer.Write($"\r{new string(' ', _width)}\r");
        _width = 0;
    }
}
