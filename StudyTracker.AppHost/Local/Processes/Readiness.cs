using System.Diagnostics;
using StudyTracker.Hosting;

namespace StudyTracker.AppHost.Local.Processes;

/// <summary>Waits until a process that was started does its work.</summary>
internal static class Readiness
{
    private static readonly TimeSpan _betweenTries = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _oneTry = TimeSpan.FromSeconds(3);

    /// <summary>Asks again and again until the answer is yes.</summary>
    /// <param name="name">What people call it.</param>
    /// <param name="isReady">The question; false, or no answer in 3 s, means not yet.</param>
    /// <param name="process">The process.</param>
    /// <param name="options">The limits.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>How long it took.</returns>
    /// <exception cref="LocalHostException">It is not ready in time, or died too often. The message ends with its last output.</exception>
    public static async Task<TimeSpan> WaitAsync(
        string name, Func<CancellationToken, Task<bool>> isReady, SupervisedProcess process, LocalHostOptions options, CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        var restartsBefore = process.Restarts;
        while (!await TryAsync(isReady, cancel))
        {
            if (process.LastExitCode == ServiceRunner.WrongConfiguration)
            {
                throw NotReady($"{name} refuses its configuration.", process);
            }

            var failures = process.Restarts - restartsBefore;
            if (failures >= options.FailedStarts)
            {
                throw NotReady($"{name} ended {failures} times before it was ready.", process);
            }

            if (Stopwatch.GetElapsedTime(start) > options.StartTimeout)
            {
                throw NotReady($"{name} was not ready within {options.StartTimeout.TotalSeconds:0} s.", process);
            }

            await Task.Delay(_betweenTries, cancel);
        }

        return Stopwatch.GetElapsedTime(start);
    }

    private static async Task<bool> TryAsync(Func<CancellationToken, Task<bool>> isReady, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(_oneTry);
        try
        {
            return await isReady(limit.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return false;
        }
    }

    private static LocalHostException NotReady(string what, SupervisedProcess process) =>
        new($"{what} Its last output (all of it is in {process.Log.FilePath}):\n{string.Join('\n', process.Log.LastLines)}");
}
