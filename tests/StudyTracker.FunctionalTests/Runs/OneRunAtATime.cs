namespace StudyTracker.FunctionalTests.Runs;

/// <summary>
/// Tests that trigger runs: one after the other, because a run takes in every learner who has something new.
/// </summary>
[CollectionDefinition(nameof(OneRunAtATime))]
public sealed class OneRunAtATime;
