namespace StudyTracker.LoadTests.Engine;

/// <summary>The engines of this build: the core package set has no NBomber.</summary>
internal static class Engines
{
    /// <summary>The engine of a name; the own one by default.</summary>
    public static ILoadEngine Create(LoadOptions options, string reportFolder) => options.Engine switch
    {
        "" or "own" => new OwnEngine(),
        _ => throw new LoadException($"There is no engine '{options.Engine}' in this build: the package feed did not offer NBomber. Leave --engine away."),
    };
}
