namespace StudyTracker.AppHost.Local;

/// <summary>Tells it on the console; each service's lines begin with its name, in its colour when this is a terminal.</summary>
/// <param name="writer">Where to write.</param>
/// <param name="colour">Whether to use ANSI colours.</param>
/// <param name="services">Whether to show what the services write.</param>
internal sealed class ConsoleOutput(TextWriter writer, bool colour, bool services) : HostOutput
{
    private const string Reset = "\e[0m";
    private static readonly string[] _colours = ["\e[35m", "\e[36m", "\e[32m", "\e[33m"];

    private readonly Lock _lock = new();

    /// <inheritdoc />
    public override void Say(string text) => Write(text);

    /// <inheritdoc />
    public override void Line(string service, string text)
    {
        if (services)
        {
            Write(Prefixed(service, text, colour));
        }
    }

    /// <summary>A line with the name of its service in front of it.</summary>
    internal static string Prefixed(string service, string text, bool colour)
    {
        var index = ServiceNames.All.ToList().IndexOf(service);
        return colour && index >= 0 ? $"{_colours[index]}[{service}]{Reset} {text}" : $"[{service}] {text}";
    }

    private void Write(string text)
    {
        lock (_lock)
        {
            writer.WriteLine(text);
        }
    }
}
