using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net;
using OpenAI;
using OpenAI.Chat;

namespace StudyTracker.Summarizer.Summaries;

/// <summary>The SDK's client, with every retry of its own off and every answer of bounded length.</summary>
internal static class ModelConnection
{
    private static readonly TimeSpan _connectTimeout = TimeSpan.FromSeconds(10);

    // Addresses of the server may change while connections are reused.
    private static readonly TimeSpan _connectionLifetime = TimeSpan.FromMinutes(5);

    public static ChatClient Create(ModelOptions options)
    {
        var sockets = new SocketsHttpHandler
        {
            ConnectTimeout = _connectTimeout,
            PooledConnectionLifetime = _connectionLifetime,
            MaxConnectionsPerServer = options.MaxConcurrentCalls,
            AllowAutoRedirect = false, // the key goes to nobody else
            AutomaticDecompression = DecompressionMethods.All, // some compress whether asked or not; the limit is on what comes out
        };
        // Lives as long as the process, and with it the handler. The time limit of a call is the caller's.
        var http = new HttpClient(new BoundedAnswers(options.MaxAnswerKiB * 1024L) { InnerHandler = sockets }) { Timeout = Timeout.InfiniteTimeSpan };
        return new ChatClient(options.Model, new ApiKeyCredential(options.ApiKey), new OpenAIClientOptions
        {
            Endpoint = options.Endpoint,
            RetryPolicy = new ClientRetryPolicy(0),
            NetworkTimeout = TimeSpan.FromSeconds(options.TimeoutSeconds),
            Transport = new HttpClientPipelineTransport(http),
        });
    }

    /// <summary>Reads no more of an answer than the limit: the SDK would take all that comes into memory.</summary>
    private sealed class BoundedAnswers(long maxBytes) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            var bounded = new StreamContent(new BoundedStream(await response.Content.ReadAsStreamAsync(cancellationToken), maxBytes));
            foreach (var (name, values) in response.Content.Headers) bounded.Headers.TryAddWithoutValidation(name, values);
            response.Content = bounded;
            return response;
        }

        // The SDK only ever sends asynchronously here; a second way in would be one without the limit.
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private sealed class BoundedStream(Stream inner, long left) : Stream
    {
        private long _left = left;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Counted(inner.Read(buffer, offset, count));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Counted(await inner.ReadAsync(buffer, cancellationToken));

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }

        private int Counted(int read) => (_left -= read) >= 0 ? read : throw new AnswerTooLongException();
    }
}

/// <summary>The server's answer is longer than anybody wants to read.</summary>
internal sealed class AnswerTooLongException() : Exception("The answer is too long.");
