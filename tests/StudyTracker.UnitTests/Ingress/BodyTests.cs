using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using StudyTracker.Ingress;

namespace StudyTracker.UnitTests.Ingress;

public sealed class BodyTests
{
    private static readonly PipeOptions _anyLength = new(pauseWriterThreshold: 0);
    private readonly Body _bodies = new(Options.Create(new IngressOptions()));

    [Theory]
    [InlineData(0, true)]
    [InlineData(99, true)]
    [InlineData(100, true)]
    [InlineData(101, false)]
    [InlineData(100_000, false)]
    public async Task A_body_is_read_whole_or_not_at_all(int length, bool fits)
    {
        var body = new byte[length];
        Random.Shared.NextBytes(body);
        var request = new DefaultHttpContext { Request = { Body = new MemoryStream(body) } }.Request;

        var (bytes, status) = await _bodies.ReadAsync(request, 100);

        bytes.ShouldBe(fits ? body : null);
        status.ShouldBe(fits ? 200 : 413);
    }

    [Fact]
    public async Task One_that_says_it_is_too_large_is_not_read()
    {
        var stream = new MemoryStream(new byte[10]);
        var request = new DefaultHttpContext { Request = { Body = stream, ContentLength = 101 } }.Request;

        (await _bodies.ReadAsync(request, 100)).ShouldBe(new BodyResult(null, 413));
        stream.Position.ShouldBe(0);
    }

    [Fact]
    public async Task Of_bodies_that_come_piece_by_piece_only_so_many_bytes_are_held()
    {
        var bodies = new Body(Options.Create(new IngressOptions { MaxUnfinishedBodyBytes = 1_048_576 }));
        var (first, second) = (new Pipe(_anyLength), new Pipe(_anyLength));
        var firstRead = bodies.ReadAsync(Request(first), 2_000_000).AsTask();
        await first.Writer.WriteAsync(new byte[700_000], TestContext.Current.CancellationToken);
        var secondRead = bodies.ReadAsync(Request(second), 2_000_000).AsTask();

        await second.Writer.WriteAsync(new byte[700_000], TestContext.Current.CancellationToken);

        (await secondRead).ShouldBe(new BodyResult(null, 503));
        var whole = new Pipe(_anyLength);
        await whole.Writer.WriteAsync(new byte[700_000], TestContext.Current.CancellationToken);
        await whole.Writer.CompleteAsync();
        (await bodies.ReadAsync(Request(whole), 2_000_000)).Status.ShouldBe(200, "what came in one piece is served all the same");
        await first.Writer.CompleteAsync();
        (await firstRead).Bytes!.Length.ShouldBe(700_000);
    }

    [Fact]
    public async Task A_body_that_does_not_end_is_given_up()
    {
        var bodies = new Body(Options.Create(new IngressOptions { BodyTimeoutSeconds = 1 }));

        (await bodies.ReadAsync(Request(new Pipe()), 100)).ShouldBe(new BodyResult(null, 408));
    }

    [Fact]
    public async Task A_client_that_leaves_is_no_failure()
    {
        using var gone = new CancellationTokenSource();
        var request = Request(new Pipe());
        request.HttpContext.RequestAborted = gone.Token;
        var read = _bodies.ReadAsync(request, 100).AsTask();

        await gone.CancelAsync();

        (await read).ShouldBe(new BodyResult(null, 499));
    }

    private static HttpRequest Request(Pipe pipe)
    {
        var context = new DefaultHttpContext();
        context.Features.Set<IRequestBodyPipeFeature>(new PipeFeature(pipe.Reader));
        return context.Request;
    }

    private sealed record PipeFeature(PipeReader Reader) : IRequestBodyPipeFeature;
}
