using System.Diagnostics;
using System.Runtime.InteropServices;

namespace StudyTracker.AppHost.Local;

/// <summary>Turns Ctrl-C, SIGTERM and a closed terminal into a cancellation, so that everything is stopped in order.</summary>
internal sealed class StopSignals : IDisposable
{
    // Some senders signal the process and then its group: that is one wish, not two.
    private static readonly TimeSpan _oneWish = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private long _first;

    /// <summary>Begins to listen.</summary>
    public StopSignals()
    {
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP })
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, OnSignal));
        }
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    /// <inheritdoc />
    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    private void OnSignal(PosixSignalContext context)
    {
        // The first signal stops in order. A second one, of somebody who will not wait, ends this process at once, and the
        // kernel takes the others along.
        var first = Interlocked.CompareExchange(ref _first, Stopwatch.GetTimestamp(), 0);
        context.Cancel = first == 0 || Stopwatch.GetElapsedTime(first) < _oneWish;
        _stop.Cancel();
    }
}
