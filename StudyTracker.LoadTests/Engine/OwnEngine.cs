using System.Diagnostics;

namespace StudyTracker.LoadTests.Engine;

/// <summary>
/// The engine of our own. Open and paced: one thread looks every millisecond which requests are due and hands them to the thread
/// pool; it never waits for an answer. Closed: each user sends its next request when it has the answer to the one before.
/// </summary>
internal sealed class OwnEngine : ILoadEngine
{
    public string Name => "own";

    public bool KnowsIntendedTimes => true;

    public Task RunAsync(Stage stage, Send send, CancellationToken cancel) =>
        stage.Due is { } due ? RunOpenAsync(due, send, cancel) : RunClosedAsync(stage, send, cancel);

    private static Task RunClosedAsync(Stage stage, Send send, CancellationToken cancel) => Task.WhenAll(
        Enumerable.Range(0, Math.Min(stage.Users, stage.Count)).Select(user => Task.Run(
            async () =>
            {
                for (var request = user; request < stage.Count && !cancel.IsCancellationRequested; request += stage.Users)
                    await send(request, Stopwatch.GetTimestamp());
            },
            CancellationToken.None)));

    private static async Task RunOpenAsync(TimeSpan[] due, Send send, CancellationToken cancel)
    {
        var work = new Work(due.Length, send);
        var scheduler = new Thread(() => Schedule(due, work, cancel)) { IsBackground = true, Name = "load schedule", Priority = ThreadPriority.Highest };
        scheduler.Start();
        await work.Ended;
    }

    private static void Schedule(TimeSpan[] due, Work work, CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        for (var request = 0; request < due.Length; request++)
        {
            var at = start + (long)(due[request].TotalSeconds * Stopwatch.Frequency);
            // The kernel wakes a sleeper within a tenth of a millisecond; spinning would take the processor from the server.
            while (Stopwatch.GetTimestamp() < at)
            {
                if (cancel.WaitHandle.WaitOne(Left(at)))
                {
                    work.Abandon(due.Length - request);
                    return;
                }
            }

            work.Begin(request, at);
        }
    }

    private static int Left(long at) =>
        Math.Clamp((int)((at - Stopwatch.GetTimestamp()) * 1_000 / Stopwatch.Frequency), 1, 100);

    /// <summary>The requests of an open stage, and how many are still to end.</summary>
    private sealed class Work(int count, Send send)
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _left = count;

        public Task Ended => Volatile.Read(ref _left) == 0 ? Task.CompletedTask : _ended.Task;

        public void Begin(int request, long at) =>
            ThreadPool.UnsafeQueueUserWorkItem(static item => _ = item.Work.SendAsync(item.Request, item.At), (Work: this, Request: request, At: at), preferLocal: false);

        public void Abandon(int requests)
        {
            if (Interlocked.Add(ref _left, -requests) == 0) _ended.SetResult();
        }

        private async Task SendAsync(int request, long at)
        {
            await send(request, at);
            Abandon(1);
        }
    }
}
