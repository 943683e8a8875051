namespace StudyTracker.Notifier.Slack;

/// <summary>
/// Asks whether a call may still be made, once more and at the last moment: when the bytes of its request are about to be
/// written to the connection. Whatever came before — waiting for a connection, opening one, being stopped meanwhile — is over
/// by then. What was asked to be asked flows with the call.
/// </summary>
internal static class LastMoment
{
    private static readonly AsyncLocal<Func<bool>?> _mayWrite = new();

    /// <summary>What is asked about the calls that this method, or whom it calls, makes from now on.</summary>
    public static Func<bool>? MayWrite
    {
        get => _mayWrite.Value;
        set => _mayWrite.Value = value;
    }

    /// <summary>Puts it between HTTP and every connection; below it there is TLS and the socket and nothing that waits for anything else.</summary>
    public static void Attach(SocketsHttpHandler handler) =>
        handler.PlaintextStreamFilter = (context, _) => ValueTask.FromResult<Stream>(new AskingStream(context.PlaintextStream));

    /// <summary>A request is sent when its last byte is: who is refused any of its writes has not sent it.</summary>
    private sealed class AskingStream(Stream inner) : Stream
    {
        public override bool CanRead => inner.CanRead;

        public override bool CanSeek => false;

        public override bool CanWrite => inner.CanWrite;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count) => Asked().Write(buffer, offset, count);

        public override void Write(ReadOnlySpan<byte> buffer) => Asked().Write(buffer);

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            Asked().WriteAsync(buffer, offset, count, cancellationToken);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            Asked().WriteAsync(buffer, cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override int Read(Span<byte> buffer) => inner.Read(buffer);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            inner.ReadAsync(buffer, offset, count, cancellationToken);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            inner.ReadAsync(buffer, cancellationToken);

        public override void Flush() => inner.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }

        private Stream Asked() => MayWrite is { } may && !may() ? throw new TooLateException() : inner;
    }
}

/// <summary>The call may not be made any more; its request was not sent. No failure of the connection, so nobody tries it again.</summary>
internal sealed class TooLateException : Exception
{
    public TooLateException() : base("The lease would not have lasted.")
    {
    }
}
