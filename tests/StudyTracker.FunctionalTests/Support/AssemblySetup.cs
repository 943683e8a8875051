using StudyTracker.FunctionalTests.Support;

[assembly: AssemblyFixture(typeof(App))]
[assembly: NoteFailures]

// The tests wait most of the time, so more of them than there are processors can run at once.
[assembly: CollectionBehavior(MaxParallelThreads = 6)]
