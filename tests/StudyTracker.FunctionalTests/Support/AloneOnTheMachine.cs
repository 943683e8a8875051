namespace StudyTracker.FunctionalTests.Support;

/// <summary>Tests that load the machine, or look at how long something takes under load: nothing else runs beside them.</summary>
[CollectionDefinition(nameof(AloneOnTheMachine), DisableParallelization = true)]
public sealed class AloneOnTheMachine;
