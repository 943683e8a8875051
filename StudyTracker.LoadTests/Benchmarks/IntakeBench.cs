using System.Diagnostics;
using StudyTracker.AppHost.Local;
using StudyTracker.AppHost.Local.Processes;

namespace StudyTracker.LoadTests.Benchmarks;

/// <summary>What to measure.</summary>
/// <param name="Rows">Sizes of the table before the first round.</param>
/// <param name="Records">Messages in a round.</param>
/// <param name="Rounds">Rounds at each size.</param>
/// <param name="CeilingBatch">Rows of one bare statement.</param>
/// <param name="Repeated">Share of the messages that are delivered twice.</param>
/// <param name="Load">Who writes where.</param>
internal sealed record IntakeBenchSetup(IReadOnlyList<long> Rows, int Records, int Rounds, int CeilingBatch, double Repeated, IntakeLoad Load);

/// <summary>
/// Measures intake as it runs: the Summarizer is a process of its own, PostgreSQL the real server, Kafka the local broker in
/// this process. While the topic is filled, the Summarizer is stopped with SIGSTOP: so it is warm, and has fetched nothing yet.
/// </summary>
internal sealed class IntakeBench(LocalHost host, IntakeBenchSetup setup, Action<string> say) : IAsyncDisposable
{
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(5);
    private readonly IntakeTable _table = new(host.StudyDb);
    private readonly IntakeTopic _topic = new(host.KafkaServers, host.Kafka!.PartitionCount);
    private int _round;
    private (int Records, double MeanBytes) _filled;

    private ServiceProcess Summarizer => host.Services[ServiceNames.Summarizer];

    /// <summary>Measures tables of every size.</summary>
    public async Task<IReadOnlyList<IntakeFigures>> RunAsync(CancellationToken cancellationToken)
    {
        var figures = new List<IntakeFigures>();
        await _table.PrepareAsync(0, setup.Load, cancellationToken);
        say("Warming up: two rounds that do not count.");
        for (var warmUp = 0; warmUp < 2; warmUp++) await RoundAsync(cancellationToken);
        foreach (var rows in setup.Rows)
        {
            say($"A table of {rows:N0} rows is made.");
            await _table.PrepareAsync(rows, setup.Load, cancellationToken);
            var rounds = new List<IntakeRound>();
            for (var round = 1; round <= setup.Rounds; round++)
            {
                // Empty stays empty: what a round wrote is taken out. To a large table it makes no difference.
                if (round > 1 && rows < setup.Records) await _table.PrepareAsync(rows, setup.Load, cancellationToken);
                rounds.Add(await RoundAsync(cancellationToken));
                say($"  round {round}: intake {rounds[^1].IntakeRowsPerSecond:N0} records/s, bare statement {rounds[^1].CeilingRowsPerSecond:N0} rows/s (first row after {rounds[^1].IdleSeconds:0.0} s)");
            }

            figures.Add(IntakeFigures.Of(rows, rounds, _filled.Records, setup.Records, _filled.MeanBytes));
        }

        return figures;
    }

    public async ValueTask DisposeAsync()
    {
        _topic.Dispose();
        await _table.DisposeAsync();
    }

    /// <summary>Intake and the bare statement, one after the other; which comes first changes from round to round.</summary>
    private async Task<IntakeRound> RoundAsync(CancellationToken cancellationToken)
    {
        var bareFirst = _round % 4 == 2;
        var ceiling = bareFirst ? await BareAsync(cancellationToken) : 0;
        var round = await IntakeAsync(cancellationToken);
        return round with { CeilingRowsPerSecond = bareFirst ? ceiling : await BareAsync(cancellationToken) };
    }

    private async Task<double> BareAsync(CancellationToken cancellationToken)
    {
        var messages = setup.Load.Messages(_round++, setup.Records);
        await _table.SettleAsync(cancellationToken);
        return await _table.MeasureBareAsync(messages, setup.CeilingBatch, cancellationToken);
    }

    private async Task<IntakeRound> IntakeAsync(CancellationToken cancellationToken)
    {
        var (round, pid, postgres) = (_round++, Summarizer.Pid, host.Postgres!.Pid);
        var messages = setup.Load.Messages(round, setup.Records);
        var allocated = await AllocatedAsync(cancellationToken);
        var cpu = ProcessUsage.CpuSeconds(pid);
        double postgresCpu, brokerCpu;
        long started, first;
        Posix.Signal(pid, Posix.SigStop);
        try
        {
            _filled = _topic.Fill(messages, setup.Repeated);
            await _table.SettleAsync(cancellationToken);
            postgresCpu = ProcessUsage.CpuSecondsWithChildren(postgres);
            first = await _table.LastSeqAsync(cancellationToken);
            brokerCpu = ProcessUsage.CpuSeconds(Environment.ProcessId);
            started = Stopwatch.GetTimestamp();
        }
        finally
        {
            Posix.Signal(pid, Posix.SigCont);
        }

        var (elapsed, idle) = await StoredAsync(round, first, started, cancellationToken);
        cpu = ProcessUsage.CpuSeconds(pid) - cpu;
        postgresCpu = ProcessUsage.CpuSecondsWithChildren(postgres) - postgresCpu;
        brokerCpu = ProcessUsage.CpuSeconds(Environment.ProcessId) - brokerCpu;
        allocated = await AllocatedAsync(cancellationToken) - allocated;
        if (Summarizer.Restarts > 0) throw new BenchException($"The Summarizer died; its log is {Summarizer.LogPath}.");
        return new IntakeRound(
            0,
            _filled.Records / elapsed.TotalSeconds,
            cpu / _filled.Records * 1_000,
            allocated / _filled.Records,
            postgresCpu / _filled.Records * 1_000,
            brokerCpu / _filled.Records * 1_000,
            ProcessUsage.ResidentBytes(pid) / 1e6,
            idle.TotalSeconds);
    }

    /// <summary>
    /// Waits until every message of the round can be seen, and checks that each is there once. The clock runs from the first row,
    /// because a client that was stopped takes its time until it fetches again.
    /// </summary>
    private async Task<(TimeSpan Took, TimeSpan Idle)> StoredAsync(int round, long first, long started, CancellationToken cancellationToken)
    {
        var pause = TimeSpan.FromMilliseconds(25);
        TimeSpan? begun = null;
        while (Stopwatch.GetElapsedTime(started) < _limit)
        {
            await Task.Delay(pause, cancellationToken);
            var rows = await _table.LastSeqAsync(cancellationToken) - first;
            if (rows > 0) begun ??= Stopwatch.GetElapsedTime(started) - pause;
            if (begun is not { } since || rows < setup.Records * 0.98) continue;
            var asked = Stopwatch.GetElapsedTime(started) - since;
            if (await _table.CountAsync(round, cancellationToken) < setup.Records) continue;
            // Time for what should not come: a row too many.
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
            var stored = await _table.CountAsync(round, cancellationToken);
            return stored == setup.Records
                ? new(asked, since)
                : throw new BenchException($"{setup.Records:N0} messages were sent and {stored:N0} rows are there.");
        }

        var some = await _table.CountAsync(round, cancellationToken);
        throw new BenchException($"After {_limit.TotalMinutes:0} minutes {some:N0} of {setup.Records:N0} messages are stored; the log is {Summarizer.LogPath}.");
    }

    private Task<double> AllocatedAsync(CancellationToken cancellationToken) =>
        MetricsPage.SumAsync(Summarizer.ManagementUrl, "dotnet_gc_heap_total_allocated_bytes_total", "", cancellationToken);
}
