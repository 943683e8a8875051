using StudyTracker.AppHost.Local;

namespace StudyTracker.AppHost;

/// <summary>Stands in for the Aspire model in the core package set, which lacks the Aspire packages.</summary>
internal static class AspireHost
{
    /// <summary>Whether this build carries the Aspire model.</summary>
    public static bool IsAvailable => false;

    /// <summary>Says what is missing.</summary>
    public static Task<int> RunAsync(string[] args) => throw new LocalHostException(
        "This build has no Aspire model: the package feed did not offer the Aspire packages. Without them, run: ./study up --local");
}
