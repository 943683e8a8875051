using System.Diagnostics;
using StudyTracker.LoadTests.Connections;
using StudyTracker.LoadTests.Failures;

namespace StudyTracker.LoadTests.Engine;

/// <summary>Builds a request.</summary>
/// <param name="request">Its number in the run.</param>
/// <param name="buffer">Where to; returned is how much of it was written.</param>
internal delegate int BuildRequest(int request, Span<byte> buffer);

/// <summary>Sends the requests of one stage, and notes what became of each.</summary>
internal sealed class Sender(
    Stage stage, LinkSource links, Samples samples, BuildRequest build, int maxInFlight, CancellationToken cancel)
{
    private int _inFlight;

    /// <summary>Requests sent and not answered, those that wait for their connection included.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Sends one.</summary>
    public async Task<Outcome> SendAsync(int request, long intended)
    {
        var number = stage.First + request;
        samples.Intend(number, intended);
        Outcome outcome;
        if (Interlocked.Increment(ref _inFlight) > maxInFlight)
        {
            outcome = new(Failure.Dropped);
            samples.Start(number, Stopwatch.GetTimestamp());
        }
        else
        {
            outcome = await TryAsync(request, number);
        }

        Interlocked.Decrement(ref _inFlight);
        samples.End(number, Stopwatch.GetTimestamp(), outcome);
        return outcome;
    }

    private async ValueTask<Outcome> TryAsync(int request, int number)
    {
        if (cancel.IsCancellationRequested)
        {
            samples.Start(number, Stopwatch.GetTimestamp());
            return new(Failure.Cancelled);
        }

        Link? link = null;
        await links.WaitTurnAsync(request);
        try
        {
            samples.Start(number, Stopwatch.GetTimestamp());
            link = await links.TakeAsync(request);
            var length = build(number, link.RequestBuffer);
            return new((short)await link.ExchangeAsync(link.RequestBuffer.AsMemory(0, length)));
        }
        catch (Exception error)
        {
            return new(FailureClass.Of(error));
        }
        finally
        {
            links.Return(request, link);
        }
    }
}
