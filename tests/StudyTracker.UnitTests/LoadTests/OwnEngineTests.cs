using System.Collections.Concurrent;
using System.Diagnostics;
using StudyTracker.LoadTests.Engine;
using StudyTracker.LoadTests.Failures;

namespace StudyTracker.UnitTests.LoadTests;

public sealed class OwnEngineTests
{
    private static readonly Outcome _ok = new(200);
    private readonly OwnEngine _engine = new();

    [Fact]
    public async Task The_closed_model_sends_every_request_once_and_a_user_never_two_at_a_time()
    {
        const int users = 7;
        var busy = new int[users];
        var sent = new ConcurrentBag<int>();
        await RunAsync(new Stage("closed", 0, 100, users), async (request, _) =>
        {
            Interlocked.Increment(ref busy[request % users]).ShouldBe(1);
            await Task.Yield();
            sent.Add(request);
            Interlocked.Decrement(ref busy[request % users]);
            return _ok;
        });

        sent.Order().ShouldBe(Enumerable.Range(0, 100));
    }

    [Fact]
    public async Task The_open_model_does_not_wait_for_answers()
    {
        var answers = new TaskCompletionSource<Outcome>();
        var begun = new CountdownEvent(50);
        var run = RunAsync(new Stage("open", 0, 50, 1) { Due = Arrivals.Constant(50, TimeSpan.FromMilliseconds(100)) }, (_, _) =>
        {
            begun.Signal();
            return answers.Task;
        });

        begun.Wait(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken).ShouldBeTrue();
        run.IsCompleted.ShouldBeFalse();
        answers.SetResult(_ok);
        await run;
    }

    [Fact]
    public async Task A_request_of_the_open_model_is_told_when_it_was_due_and_is_not_sent_before()
    {
        var due = Arrivals.Constant(20, TimeSpan.FromMilliseconds(200));
        var intended = new long[20];
        var early = 0;
        await RunAsync(new Stage("open", 0, 20, 1) { Due = due }, (request, at) =>
        {
            if (Stopwatch.GetTimestamp() < at) Interlocked.Increment(ref early);
            intended[request] = at;
            return Task.FromResult(_ok);
        });

        early.ShouldBe(0);
        for (var request = 1; request < 20; request++)
            Stopwatch.GetElapsedTime(intended[request - 1], intended[request]).TotalMilliseconds.ShouldBe(10, tolerance: 0.01);
    }

    [Fact]
    public async Task A_stopped_run_sends_no_more_and_ends()
    {
        using var stop = new CancellationTokenSource();
        var sent = 0;
        var run = _engine.RunAsync(
            new Stage("open", 0, 1_000, 1) { Due = Arrivals.Constant(1_000, TimeSpan.FromMinutes(10)) },
            (_, _) =>
            {
                if (Interlocked.Increment(ref sent) == 1) stop.Cancel();
                return Task.FromResult(_ok);
            },
            stop.Token);

        await run.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        sent.ShouldBeLessThan(10);
    }

    [Fact]
    public void Poisson_arrivals_are_all_within_the_window_in_order_and_the_same_for_the_same_seed()
    {
        var due = Arrivals.Poisson(1_000, TimeSpan.FromSeconds(10), seed: 5);

        due.ShouldBe(due.Order());
        due.ShouldAllBe(at => at >= TimeSpan.Zero && at < TimeSpan.FromSeconds(10));
        due.ShouldBe(Arrivals.Poisson(1_000, TimeSpan.FromSeconds(10), seed: 5));
        // Half of them are expected in the first half: 500, and the standard deviation is 16.
        due.Count(at => at < TimeSpan.FromSeconds(5)).ShouldBeInRange(420, 580);
    }

    private Task RunAsync(Stage stage, Send send) =>
        _engine.RunAsync(stage, send, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
}
