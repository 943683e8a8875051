using StudyTracker.Hosting;

namespace StudyTracker.UnitTests.ServiceDefaults.Hosting;

public sealed class OperatorKeyTests
{
    [Theory]
    [InlineData("0123456789abcdef", "0123456789abcdef", true)]
    [InlineData("열쇠", "열쇠", true)]
    [InlineData("0123456789abcdeF", "0123456789abcdef", false)]
    [InlineData("0123456789abcdef ", "0123456789abcdef", false)]
    [InlineData("0123456789abcde", "0123456789abcdef", false)]
    [InlineData("", "0123456789abcdef", false)]
    [InlineData(null, "0123456789abcdef", false)]
    [InlineData("", "", false)]
    [InlineData(null, "", false)]
    public void Only_the_same_key_is_admitted_and_an_empty_one_admits_nobody(string? sent, string key, bool same) =>
        OperatorKey.Same(sent, key).ShouldBe(same);
}
