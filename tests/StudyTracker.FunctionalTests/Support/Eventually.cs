using System.Diagnostics;

namespace StudyTracker.FunctionalTests.Support;

/// <summary>Waits for something to become true, and not a moment longer; every wait has an end.</summary>
internal static class Eventually
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Repeats an assertion until it holds; what it says last is the test's failure.</summary>
    public static Task HoldsAsync(Action assertion, TimeSpan? within = null) => HoldsAsync(
        () =>
        {
            assertion();
            return Task.CompletedTask;
        },
        within);

    /// <summary>Repeats an assertion until it holds; what it says last is the test's failure.</summary>
    public static async Task HoldsAsync(Func<Task> assertion, TimeSpan? within = null)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await assertion().WaitAsync(within ?? Patience);
                return;
            }
            catch (Exception) when (Stopwatch.GetElapsedTime(started) < (within ?? Patience))
            {
                // Not yet: what is asked may also be away for a moment, such as a service that is being restarted.
            }

            await Task.Delay(_pause, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Asks until the answer is as hoped for, and returns it.</summary>
    public static async Task<T> GetsAsync<T>(Func<Task<T>> ask, Func<T, bool> hoped, TimeSpan? within = null)
    {
        T answer = default!;
        await HoldsAsync(
            async () =>
            {
                answer = await ask();
                hoped(answer).ShouldBeTrue($"The last answer was: {answer}");
            },
            within);
        return answer;
    }
}
