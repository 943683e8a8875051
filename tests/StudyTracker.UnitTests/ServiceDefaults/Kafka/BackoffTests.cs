using CsCheck;
using StudyTracker.Kafka;

namespace StudyTracker.UnitTests.ServiceDefaults.Kafka;

public sealed class BackoffTests
{
    [Fact]
    public void A_wait_lies_between_half_and_all_of_its_ceiling() =>
        Gen.Select(Gen.Int[1, int.MaxValue], Gen.Int[1, 60_000], Gen.Int[1, 600_000], Gen.Double[0, 0.999_999]).Sample((attempt, first, longest, random) =>
        {
            var wait = Backoff.After(attempt, TimeSpan.FromMilliseconds(first), TimeSpan.FromMilliseconds(longest), random).TotalMilliseconds;
            var ceiling = Math.Min(longest, first * Math.Pow(2, Math.Min(attempt - 1, 30)));

            wait.ShouldBeInRange(ceiling / 2 - 0.001, ceiling + 0.001);
        });

    [Theory]
    [InlineData(1, 200)]
    [InlineData(2, 400)]
    [InlineData(3, 800)]
    [InlineData(6, 5_000)]
    [InlineData(1_000_000, 5_000)]
    public void Ceilings_double_up_to_the_longest(int attempt, int expected) =>
        Backoff.After(attempt, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5), 1).TotalMilliseconds.ShouldBe(expected);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Attempts_count_from_one(int attempt) =>
        Should.Throw<ArgumentOutOfRangeException>(() => Backoff.After(attempt, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), 0));
}
