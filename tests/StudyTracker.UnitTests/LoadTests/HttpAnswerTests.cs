using System.Text;
using StudyTracker.LoadTests.Connections;

namespace StudyTracker.UnitTests.LoadTests;

public sealed class HttpAnswerTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, true)]
    [InlineData("HTTP/1.1 200 OK\r\ncontent-length:2\r\n\r\nok", 200, true)]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno", 503, false)]
    [InlineData("HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", 202, true)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nA;x=y\r\n0123456789\r\n0\r\nTrailer: 1\r\n\r\n", 200, true)]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n", 204, true)]
    public void A_whole_answer_has_its_status_and_says_whether_the_connection_goes_on(string text, int status, bool keepsAlive) =>
        Read(text).ShouldBe(new AnswerState(true, status, keepsAlive));

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n")]
    public void Half_an_answer_waits_for_more_and_is_none_when_nothing_comes(string text)
    {
        Read(text).ShouldBe(AnswerState.Incomplete);
        Read(text, ended: true).ShouldBe(text.Length == 0 ? AnswerState.Closed : AnswerState.Bad);
    }

    [Theory]
    [InlineData("HELLO\r\n\r\n")]
    [InlineData("HTTP/1.1 2x0 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 999 What\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    public void What_is_no_answer_is_bad_at_once(string text) => Read(text).ShouldBe(AnswerState.Bad);

    [Fact]
    public void Without_a_length_the_end_of_the_connection_ends_the_answer()
    {
        const string text = "HTTP/1.1 200 OK\r\n\r\nhello";

        Read(text).ShouldBe(AnswerState.Incomplete);
        Read(text, ended: true).ShouldBe(new AnswerState(true, 200, false));
    }

    private static AnswerState Read(string text, bool ended = false) => HttpAnswer.Read(Encoding.ASCII.GetBytes(text), ended);
}
