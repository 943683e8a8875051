using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.Time.Testing;
using StudyTracker.Ingress;

namespace StudyTracker.UnitTests.Ingress;

public sealed class SlackSignatureTests
{
    // The example of Slack's own documentation, "Verifying requests from Slack".
    private const string Secret = "8f742231b10e8888abcd99yyyzzz85a5";
    private const string Timestamp = "1531420618";
    private const string Body =
        "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar"
        + "&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com"
        + "%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    private const string Signature = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";

    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1531420618));

    [Fact]
    public void Slacks_own_example_gets_in() => Check(Signature, Timestamp).ShouldBe(SignatureFault.None);

    [Fact]
    public void The_signature_covers_every_byte_of_the_body() =>
        Gen.Select(Gen.Int[0, Body.Length - 1], Gen.Int[1, 255]).Sample((index, flip) =>
        {
            var body = Encoding.UTF8.GetBytes(Body);
            body[index] ^= (byte)flip;
            Check(Signature, Timestamp, body: body).ShouldBe(SignatureFault.Wrong);
        });

    [Fact]
    public void Any_body_that_is_signed_rightly_gets_in() =>
        Gen.Byte.Array[0, 300].Sample(body => Check(Sign(Secret, Timestamp, body), Timestamp, body: body).ShouldBe(SignatureFault.None));

    [Theory]
    [InlineData(null, Timestamp)]
    [InlineData("", Timestamp)]
    [InlineData(Signature, null)]
    [InlineData(Signature, "")]
    [InlineData(null, null)]
    public void A_missing_or_empty_header_is_missing(string? signature, string? timestamp) =>
        Check(signature, timestamp).ShouldBe(SignatureFault.Missing);

    [Theory]
    [InlineData("a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503")] // no version
    [InlineData("v1=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503")] // another version
    [InlineData("V0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503")]
    [InlineData("v0=A2114D57B48EAC39B9AD189DD8316235A7B4A8D21A10BD27519666489C69B503")] // wrong case
    [InlineData("v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b50")] // too short
    [InlineData("v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b5033")] // too long
    [InlineData("v0=g2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503")] // not hex
    [InlineData("v0= 2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503")]
    [InlineData(" v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503")]
    [InlineData("v0=")]
    [InlineData("v0")]
    [InlineData("ｖ0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503")]
    public void A_signature_of_another_form_is_malformed(string signature) =>
        Check(signature, Timestamp).ShouldBe(SignatureFault.Malformed);

    [Theory]
    [InlineData("-1531420618")]
    [InlineData("+1531420618")]
    [InlineData(" 1531420618")]
    [InlineData("1531420618 ")]
    [InlineData("1531420618.0")]
    [InlineData("0x5b478aca")]
    [InlineData("1e9")]
    [InlineData("now")]
    [InlineData("９９９")]
    [InlineData("1531420618000")] // milliseconds
    [InlineData("99999999999999999999999999")]
    public void A_timestamp_of_another_form_is_malformed(string timestamp) =>
        Check(Signature, timestamp).ShouldBe(SignatureFault.Malformed);

    [Fact]
    public void Doubled_headers_are_malformed_even_when_they_agree()
    {
        Check(new StringValues([Signature, Signature]), Timestamp).ShouldBe(SignatureFault.Malformed);
        Check(Signature, new StringValues([Timestamp, Timestamp])).ShouldBe(SignatureFault.Malformed);
    }

    [Theory]
    [InlineData(300, SignatureFault.None)]
    [InlineData(-300, SignatureFault.None)]
    [InlineData(301, SignatureFault.Stale)]
    [InlineData(-301, SignatureFault.Stale)]
    public void A_request_may_be_five_minutes_off_either_way(int seconds, object fault)
    {
        var timestamp = (1531420618 + seconds).ToString(System.Globalization.CultureInfo.InvariantCulture);

        Check(Sign(Secret, timestamp, Encoding.UTF8.GetBytes(Body)), timestamp).ShouldBe((SignatureFault)fault);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("999999999999")]
    public void The_ends_of_time_are_stale(string timestamp) => Check(Signature, timestamp).ShouldBe(SignatureFault.Stale);

    [Fact]
    public void While_a_secret_is_replaced_both_are_good()
    {
        Check(Signature, Timestamp, secret: "the new signing secret", previous: Secret).ShouldBe(SignatureFault.None);
        Check(Signature, Timestamp, secret: Secret, previous: "the old signing secret").ShouldBe(SignatureFault.None);
        Check(Signature, Timestamp, secret: "the new signing secret", previous: "another one").ShouldBe(SignatureFault.Wrong);
        Check(Signature, Timestamp, secret: "the new signing secret").ShouldBe(SignatureFault.Wrong);
    }

    [Fact]
    public void No_previous_secret_does_not_mean_an_empty_one() =>
        Check(Sign("", Timestamp, Encoding.UTF8.GetBytes(Body)), Timestamp).ShouldBe(SignatureFault.Wrong);

    private SignatureFault Check(
        StringValues? signature, StringValues? timestamp, string secret = Secret, string previous = "", byte[]? body = null)
    {
        var headers = new HeaderDictionary();
        if (signature is { } sent) headers[SlackSignature.SignatureHeader] = sent;
        if (timestamp is { } at) headers[SlackSignature.TimestampHeader] = at;
        var options = new SlackOptions { SigningSecret = secret, PreviousSigningSecret = previous };
        return new SlackSignature(Options.Create(options), Options.Create(new IngressOptions()), _time).Check(headers, body ?? Encoding.UTF8.GetBytes(Body));
    }

    private static string Sign(string secret, string timestamp, byte[] body) => "v0=" + Convert.ToHexStringLower(
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), (byte[])[.. Encoding.UTF8.GetBytes($"v0:{timestamp}:"), .. body]));
}
