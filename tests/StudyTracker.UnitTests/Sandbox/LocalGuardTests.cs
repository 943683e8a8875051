using Microsoft.AspNetCore.Http;
using StudyTracker.Sandbox;

namespace StudyTracker.UnitTests.Sandbox;

public sealed class LocalGuardTests
{
    [Theory]
    [InlineData("localhost:7080", true)]
    [InlineData("127.0.0.1:7080", true)]
    [InlineData("127.8.8.8", true)]
    [InlineData("[::1]:7080", true)]
    [InlineData("sandbox.dev.localhost", true)]
    [InlineData("sandbox:8080", true)]
    [InlineData("evil.example:7080", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("192.168.1.7:7080", false)]
    [InlineData("", false)]
    public void It_answers_to_local_names_and_those_it_was_told(string host, bool isAnswered) =>
        (Problem("GET", host) is null).ShouldBe(isAnswered);

    [Theory]
    [InlineData("http://localhost:7080", null, true)]
    [InlineData("http://localhost:3000", null, false)]
    [InlineData("https://localhost:7080", null, false)]
    [InlineData("http://evil.example", null, false)]
    [InlineData("null", null, false)]
    [InlineData(null, "cross-site", false)]
    [InlineData(null, "same-site", false)]
    [InlineData(null, "same-origin", true)]
    [InlineData(null, null, true)]
    public void Only_its_own_page_may_change_things(string? origin, string? site, bool isTaken)
    {
        foreach (var method in (string[])["POST", "PUT", "DELETE"]) (Problem(method, "localhost:7080", origin, site) is null).ShouldBe(isTaken);
        Problem("GET", "localhost:7080", origin, site).ShouldBeNull();
    }

    private static string? Problem(string method, string host, string? origin = null, string? site = null)
    {
        var request = new DefaultHttpContext().Request;
        (request.Method, request.Scheme, request.Host) = (method, "http", new HostString(host));
        if (origin is not null) request.Headers.Origin = origin;
        if (site is not null) request.Headers["Sec-Fetch-Site"] = site;
        return LocalGuard.ProblemOf(request, ["sandbox"]);
    }
}
