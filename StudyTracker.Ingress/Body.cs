using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace StudyTracker.Ingress;

/// <summary>A request's body, or the status that says why there is none.</summary>
/// <param name="Bytes">The body; null when it was not read whole.</param>
/// <param name="Status">200 with a body; else 400 (it breaks off), 408, 413, 499 (the client is gone) or 503.</param>
internal readonly record struct BodyResult(byte[]? Bytes, int Status);

/// <summary>Reads request bodies whole: a signature covers every byte, and Kafka gets exactly these.</summary>
internal sealed class Body(IOptions<IngressOptions> options)
{
    private readonly TimeSpan _timeout = TimeSpan.FromSeconds(options.Value.BodyTimeoutSeconds);
    private readonly int _maxUnfinishedBytes = options.Value.MaxUnfinishedBodyBytes;
    private long _unfinishedBytes;

    /// <summary>Reads a body of at most so many bytes.</summary>
    public async ValueTask<BodyResult> ReadAsync(HttpRequest request, int maxBytes)
    {
        if (request.ContentLength > maxBytes) return new(null, StatusCodes.Status413PayloadTooLarge);
        try
        {
            // Nearly always the body came with the headers: nothing to wait for, no timer, no account of memory.
            if (request.BodyReader.TryRead(out var result))
            {
                if (result.IsCompleted || result.Buffer.Length > maxBytes) return Finish(request.BodyReader, result.Buffer, maxBytes);
                request.BodyReader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            }

            return await ReadSlowlyAsync(request.BodyReader, maxBytes, request.HttpContext.RequestAborted);
        }
        catch (BadHttpRequestException error)
        {
            // It breaks off, comes too slowly for Kestrel, or is chunked wrongly.
            return new(null, error.StatusCode);
        }
        catch (ConnectionResetException)
        {
            return new(null, StatusCodes.Status499ClientClosedRequest);
        }
    }

    private async ValueTask<BodyResult> ReadSlowlyAsync(PipeReader reader, int maxBytes, CancellationToken aborted)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        limit.CancelAfter(_timeout);
        // Not ReadAsync(limit.Token): Kestrel's reader does not come out of a read that threw, and cannot be drained then.
        using var wake = limit.Token.UnsafeRegister(static state => ((PipeReader)state!).CancelPendingRead(), reader);
        var held = 0L;
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync(CancellationToken.None);
                var ended = result.IsCompleted || result.Buffer.Length > maxBytes;
                // No wake-up after the end, which the connection's next read would get; one before it is a time-out.
                if (ended) await wake.DisposeAsync();
                if (limit.IsCancellationRequested)
                    return Drop(reader, result, aborted.IsCancellationRequested ? StatusCodes.Status499ClientClosedRequest : StatusCodes.Status408RequestTimeout);
                if (ended) return Finish(reader, result.Buffer, maxBytes);
                var more = result.Buffer.Length - held;
                held += more;
                if (Interlocked.Add(ref _unfinishedBytes, more) > _maxUnfinishedBytes)
                    return Drop(reader, result, StatusCodes.Status503ServiceUnavailable);
                reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            }
        }
        finally
        {
            Interlocked.Add(ref _unfinishedBytes, -held);
        }
    }

    private static BodyResult Drop(PipeReader reader, ReadResult result, int status)
    {
        reader.AdvanceTo(result.Buffer.End);
        return new(null, status);
    }

    private static BodyResult Finish(PipeReader reader, ReadOnlySequence<byte> buffer, int maxBytes)
    {
        var fits = buffer.Length <= maxBytes;
        var bytes = fits ? buffer.ToArray() : null;
        reader.AdvanceTo(buffer.End);
        return new(bytes, fits ? StatusCodes.Status200OK : StatusCodes.Status413PayloadTooLarge);
    }
}
