namespace StudyTracker.AppHost.Local;

/// <summary>Something that the person at the keyboard can put right; the message says how.</summary>
public sealed class LocalHostException : Exception
{
    /// <summary>Creates it.</summary>
    public LocalHostException(string message)
        : base(message)
    {
    }

    /// <summary>Creates it with what caused it.</summary>
    public LocalHostException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
