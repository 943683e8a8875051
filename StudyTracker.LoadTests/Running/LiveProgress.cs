using System.Diagnostics;
using System.Globalization;
using StudyTracker.LoadTests.Engine;
using StudyTracker.LoadTests.Ledger;
using StudyTracker.LoadTests.Sampling;
using StudyTracker.LoadTests.Scenarios;

namespace StudyTracker.LoadTests.Running;

/// <summary>Shows once a second how the run goes: rate, p99, errors, in flight, what is not stored yet, time left.</summary>
internal sealed class LiveProgress : IAsyncDisposable
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    private readonly LoadPlan _plan;
    private readonly Samples _events;
    private readonly Samples _triggers;
    private readonly Func<GeneratorState> _state;
    private readonly Series _series;
    private readonly long _start;
    private readonly RunOutput _output;
    private readonly Rate _rate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private int _firstOpen;

    public LiveProgress(LoadPlan plan, Samples events, Samples triggers, Func<GeneratorState> state, Series series, long start, RunOutput output)
    {
        (_plan, _events, _triggers, _state, _series, _start, _output) = (plan, events, triggers, state, series, start, output);
        _loop = RunAsync();
    }

    /// <summary>How far the pipeline is, once somebody has asked.</summary>
    public PipelineProgress? Pipeline { get; set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(_interval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token)) _output.Show(Line());
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    private string Line()
    {
        var elapsed = Stopwatch.GetElapsedTime(_start);
        var failed = _events.Finished - _events.Accepted;
        var clock = $"{_plan.Scenario.Id} {elapsed:mm\\:ss}";
        var triggers = _triggers.Count > 0 ? $" · {_triggers.Accepted}/{_triggers.Count} triggers" : "";
        if (_events.Finished == _events.Count && Pipeline is { } pipeline)
        {
            return $"{clock} · all sent{triggers} · {pipeline.Stored:N0}/{_events.Accepted:N0} stored"
                + (_triggers.Count > 0 ? $" · {pipeline.OpenJobs:N0} jobs open · {pipeline.Ended:N0}/{pipeline.Summaries:N0} delivered" : "");
        }

        var left = _plan.Length - elapsed;
        var time = left > TimeSpan.Zero ? $" · {left:mm\\:ss} left" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{clock} · {_events.Finished:N0}/{_events.Count:N0} · {_rate.Of(_events.Finished) ?? 0:N0}/s · p99 {P99OfLastSecond():N0} ms · {failed:N0} failed · {_state().InFlight:N0} in flight · lag {_series.Last("lag.intake") ?? 0:N0}{triggers}{time}");
    }

    private double P99OfLastSecond()
    {
        var since = Stopwatch.GetTimestamp() - Stopwatch.Frequency;
        var recent = new List<double>();
        var (sent, open) = (_events.Sent, -1);
        for (var request = _firstOpen; request < sent; request++)
        {
            var sample = _events[request];
            if (!sample.Outcome.HasEnded && open < 0) open = request;
            if (sample.Outcome.HasEnded && sample.Ended >= since) recent.Add(sample.CorrectedMs);
            else if (sample.Outcome.HasEnded && open < 0) _firstOpen = request;
        }

        recent.Sort();
        return recent.Count == 0 ? 0 : recent[(int)(recent.Count * 0.99)];
    }
}
