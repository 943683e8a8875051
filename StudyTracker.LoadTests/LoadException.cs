namespace StudyTracker.LoadTests;

/// <summary>Why a load test cannot be run, in words that say what to do.</summary>
internal sealed class LoadException(string message, Exception? cause = null) : Exception(message, cause);
