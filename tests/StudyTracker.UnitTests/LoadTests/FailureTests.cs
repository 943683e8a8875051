using System.Net.Sockets;
using StudyTracker.LoadTests.Failures;

namespace StudyTracker.UnitTests.LoadTests;

public sealed class FailureTests
{
    [Theory]
    [InlineData(SocketError.AddressNotAvailable, "EADDRNOTAVAIL", "Generator")]
    [InlineData(SocketError.AddressAlreadyInUse, "EADDRINUSE", "Generator")]
    [InlineData(SocketError.TooManyOpenSockets, "EMFILE", "Generator")]
    [InlineData(SocketError.ConnectionRefused, "ECONNREFUSED", "Server")]
    [InlineData(SocketError.ConnectionReset, "ECONNRESET", "Server")]
    [InlineData(SocketError.TimedOut, "ETIMEDOUT", "Server")]
    public void A_socket_error_keeps_its_name_however_deep_it_is_wrapped(SocketError error, string name, string side)
    {
        var wrapped = new HttpRequestException("not sent", new IOException("no", new SocketException((int)error)));

        var outcome = new Outcome(FailureClass.Of(wrapped));

        outcome.Class.ShouldBe(name);
        $"{outcome.Side}".ShouldBe(side);
    }

    [Fact]
    public void A_stopped_run_a_time_out_and_a_known_class_are_told_apart()
    {
        FailureClass.Of(new TaskCanceledException()).ShouldBe(Failure.Cancelled);
        FailureClass.Of(new TaskCanceledException("", new TimeoutException())).ShouldBe(Failure.TimedOut);
        FailureClass.Of(new FailureException(Failure.BadAnswer)).ShouldBe(Failure.BadAnswer);
        FailureClass.Of(new InvalidOperationException()).ShouldBe(Failure.Other);
    }

    [Fact]
    public void Every_class_has_a_name_of_its_own_and_only_2xx_is_accepted()
    {
        var outcomes = Enum.GetValues<Failure>().Select(failure => new Outcome(failure)).ToList();

        outcomes.Select(outcome => outcome.Class).ShouldBeUnique();
        outcomes.ShouldAllBe(outcome => !outcome.IsAccepted && !outcome.Class.StartsWith("HTTP"));
        new Outcome(200).IsAccepted.ShouldBeTrue();
        new Outcome(503).ShouldSatisfyAllConditions(
            outcome => outcome.IsAccepted.ShouldBeFalse(), outcome => outcome.Class.ShouldBe("HTTP 503"), outcome => outcome.Side.ShouldBe(Side.Server));
    }

    [Fact]
    public void Only_what_the_kernel_says_about_local_ports_is_a_bind_exception() =>
        Enum.GetValues<Failure>().Where(failure => new Outcome(failure).IsBindException).ShouldBe([Failure.AddressNotAvailable, Failure.AddressInUse]);
}
