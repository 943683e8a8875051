using Microsoft.AspNetCore.Http;
using StudyTracker.Ingress;

namespace StudyTracker.UnitTests.Ingress;

public sealed class BodyTests
{
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

        (await Body.ReadAsync(request, 100, TestContext.Current.CancellationToken)).ShouldBe(fits ? body : null);
    }

    [Fact]
    public async Task One_that_says_it_is_too_large_is_not_read()
    {
        var stream = new MemoryStream(new byte[10]);
        var request = new DefaultHttpContext { Request = { Body = stream, ContentLength = 101 } }.Request;

        (await Body.ReadAsync(request, 100, TestContext.Current.CancellationToken)).ShouldBeNull();
        stream.Position.ShouldBe(0);
    }
}
