namespace StudyTracker.LoadTests.Benchmarks;

/// <summary>A benchmark cannot go on, or its figures would not be true; the message says why.</summary>
internal sealed class BenchException(string message) : Exception(message);
