using System.Text;
using CsCheck;
using StudyTracker.Ingress;

namespace StudyTracker.UnitTests.Ingress;

public sealed class SlackFormTests
{
    [Fact]
    public void What_is_written_by_the_rules_is_read_back() =>
        Gen.Select(Gen.String[Gen.Char.AlphaNumeric, 1, 20], Gen.String[Gen.Char["a &=%+/한é\n"], 0, 20])
            .Sample((name, value) =>
            {
                var body = $"{Uri.EscapeDataString(name)}={Uri.EscapeDataString(value).Replace("%20", "+", StringComparison.Ordinal)}&other=";

                var form = Read(body + (name == "other" ? "x" : ""));

                if (name == "other") form.ShouldBeNull();
                else form.ShouldNotBeNull()[name].ShouldBe(value);
            });

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("=a")]
    [InlineData("a=1&")]
    [InlineData("&a=1")]
    [InlineData("a=1&a=2")]
    [InlineData("a=1&%61=2")]
    [InlineData("a=%")]
    [InlineData("a=%4")]
    [InlineData("a=%4g")]
    [InlineData("a=%+1")]
    [InlineData("a=%C3%28")]
    [InlineData("a=%ED%A0%80")]
    [InlineData("a=%00")]
    [InlineData("a=\0")]
    public void What_can_be_understood_in_two_ways_is_no_form(string body) => Read(body).ShouldBeNull();

    [Fact]
    public void Fields_have_a_limit()
    {
        Read(string.Join('&', Enumerable.Range(0, 64).Select(index => $"f{index}=1"))).ShouldNotBeNull();
        Read(string.Join('&', Enumerable.Range(0, 65).Select(index => $"f{index}=1"))).ShouldBeNull();
    }

    [Theory]
    [InlineData("ssl_check=1&token=abc", true)]
    [InlineData("token=abc&ssl_check=1", true)]
    [InlineData("ssl_check=1&command=%2Fstudy&user_id=U1", true)]
    [InlineData("ssl_check=0", false)]
    [InlineData("ssl_check=11", false)]
    [InlineData("ssl_check=1&ssl_check=1", false)]
    [InlineData("text=ssl_check%3D1", false)]
    [InlineData("not_ssl_check=1", false)]
    [InlineData("", false)]
    public void A_check_of_the_address_is_told_from_a_command(string body, bool isCheck) =>
        SlackForm.IsSslCheck(Encoding.UTF8.GetBytes(body)).ShouldBe(isCheck);

    [Fact]
    public void Bytes_of_any_kind_are_answered() => Gen.Byte.Array[0, 100].Sample(body => { SlackForm.Read(body); });

    private static IReadOnlyDictionary<string, string>? Read(string body) => SlackForm.Read(Encoding.UTF8.GetBytes(body));
}
