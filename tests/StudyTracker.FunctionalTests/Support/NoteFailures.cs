using System.Reflection;
using Xunit.v3;

namespace StudyTracker.FunctionalTests.Support;

/// <summary>Remembers whether a test failed: then the logs and data of the run are kept.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class NoteFailuresAttribute : BeforeAfterTestAttribute
{
    public static bool AnyFailed { get; private set; }

    public override void After(MethodInfo methodUnderTest, IXunitTest test) =>
        AnyFailed |= TestContext.Current.TestState?.Result == TestResult.Failed;
}
