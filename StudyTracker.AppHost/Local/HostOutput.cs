namespace StudyTracker.AppHost.Local;

/// <summary>Where a local host tells what it does.</summary>
public class HostOutput
{
    /// <summary>Tells nobody; log files are written all the same.</summary>
    public static HostOutput None { get; } = new();

    /// <summary>Something that happened, as a sentence.</summary>
    public virtual void Say(string text)
    {
    }

    /// <summary>A line that a service wrote.</summary>
    public virtual void Line(string service, string text)
    {
    }
}
