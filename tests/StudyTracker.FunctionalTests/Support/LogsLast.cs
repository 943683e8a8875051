using StudyTracker.FunctionalTests.Support;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LogsLast))]

namespace StudyTracker.FunctionalTests.Support;

/// <summary>Puts the collection that searches the logs after all others, so that it searches what they caused.</summary>
public sealed class LogsLast : ITestCollectionOrderer
{
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => collection.TestCollectionDisplayName == nameof(AfterAllOthers))];
}

/// <summary>Tests of what all the others have left behind.</summary>
[CollectionDefinition(nameof(AfterAllOthers), DisableParallelization = true)]
public sealed class AfterAllOthers;
