namespace StudyTracker.AppHost.Local.Processes;

/// <summary>What to start.</summary>
/// <param name="FileName">The program.</param>
/// <param name="Arguments">Its arguments.</param>
internal sealed record ProcessSpec(string FileName, IReadOnlyList<string> Arguments)
{
    /// <summary>The whole environment of the process; null hands on this process's own.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    /// <summary>Working directory; null keeps this process's own.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>The user to run it as, which only root can ask for; null keeps the user.</summary>
    public string? User { get; init; }

    /// <summary>What the kernel sends it when this process dies without stopping it: KILL, or QUIT for postgres.</summary>
    public string DeathSignal { get; init; } = "KILL";
}
