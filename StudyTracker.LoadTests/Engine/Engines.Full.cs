namespace StudyTracker.LoadTests.Engine;

/// <summary>The engines of this build.</summary>
internal static class Engines
{
    /// <summary>The engine of a name; NBomber by default.</summary>
    public static ILoadEngine Create(LoadOptions options, string reportFolder) => options.Engine switch
    {
        "" or "nbomber" => new NBomberEngine(options.NBomberLicense, reportFolder),
        "own" => new OwnEngine(),
        _ => throw new LoadException($"There is no engine '{options.Engine}'; there are nbomber and own."),
    };
}
