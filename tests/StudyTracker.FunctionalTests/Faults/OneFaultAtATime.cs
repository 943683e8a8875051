namespace StudyTracker.FunctionalTests.Faults;

/// <summary>Tests that take a part of the application away: nothing else runs beside them.</summary>
[CollectionDefinition(nameof(OneFaultAtATime), DisableParallelization = true)]
public sealed class OneFaultAtATime;
