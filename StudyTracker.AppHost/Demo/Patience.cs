using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using Npgsql;

namespace StudyTracker.AppHost.Demo;

/// <summary>
/// Asks again until the answer is as hoped for. Any service may be killed at any time, so an error is only "not yet"; what is
/// asked for has to be safe to ask for twice.
/// </summary>
/// <param name="limit">How long to go on.</param>
internal sealed class Patience(TimeSpan limit)
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Asks until the answer is as hoped for.</summary>
    /// <returns>The last answer, hoped for or not; null when there was none within the limit.</returns>
    public async Task<T?> UntilAsync<T>(
        Func<CancellationToken, Task<T>> ask, Func<T, bool> hoped, CancellationToken cancel)
        where T : class
    {
        var start = Stopwatch.GetTimestamp();
        T? last = null;
        while (Stopwatch.GetElapsedTime(start) < limit)
        {
            try
            {
                last = await ask(cancel);
                if (hoped(last))
                {
                    break;
                }
            }
            catch (Exception e) when (IsPassing(e) && !cancel.IsCancellationRequested)
            {
                // Whoever was asked is being started again.
            }

            await Task.Delay(_pause, cancel);
        }

        return last;
    }

    private static bool IsPassing(Exception e) => e
        is HttpRequestException or OperationCanceledException or IOException or SocketException or NpgsqlException or JsonException;
}
