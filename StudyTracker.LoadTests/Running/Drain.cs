using System.Diagnostics;
using Npgsql;
using StudyTracker.LoadTests.Engine;
using StudyTracker.LoadTests.Ledger;

namespace StudyTracker.LoadTests.Running;

/// <summary>Waits until the pipeline has nothing left to do of what it has accepted.</summary>
internal sealed class Drain(StudyRows? rows, Samples events, Samples triggers, TimeSpan limit, LiveProgress live)
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(250);

    // A job is there before its summary and that before its delivery; but who had an answer lost may have one more on its way.
    private static readonly TimeSpan _settled = TimeSpan.FromSeconds(1);

    /// <summary>Waits.</summary>
    /// <returns>False when it was not done within the limit; true also when nobody can be asked.</returns>
    public async Task<bool> WaitAsync(CancellationToken cancel)
    {
        if (rows is null) return true;
        var start = Stopwatch.GetTimestamp();
        long? doneSince = null;
        while (Stopwatch.GetElapsedTime(start) < limit)
        {
            if (await ProgressAsync(rows, cancel) is { } progress)
            {
                live.Pipeline = progress;
                if (!IsDone(progress)) doneSince = null;
                else if (events.Accepted == events.Count && triggers.Accepted == triggers.Count) return true;
                else if (Stopwatch.GetElapsedTime(doneSince ??= Stopwatch.GetTimestamp()) > _settled) return true;
            }

            await Task.Delay(_pause, cancel);
        }

        return false;
    }

    private bool IsDone(PipelineProgress progress) =>
        progress.Stored >= events.Accepted && progress.Runs >= triggers.Accepted && progress.OpenJobs == 0 && progress.Ended >= progress.Summaries;

    private async Task<PipelineProgress?> ProgressAsync(StudyRows from, CancellationToken cancel)
    {
        try
        {
            return await from.ProgressAsync(triggers.Count, cancel);
        }
        catch (NpgsqlException)
        {
            return null; // it is being started again
        }
    }
}
