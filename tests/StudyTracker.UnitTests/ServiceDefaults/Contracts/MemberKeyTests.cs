using System.Text;
using CsCheck;
using StudyTracker.Contracts;

namespace StudyTracker.UnitTests.ServiceDefaults.Contracts;

public sealed class MemberKeyTests
{
    [Fact]
    public void A_key_is_workspace_and_user()
    {
        var key = new MemberKey("T1", "U1");

        key.ToString().ShouldBe("T1:U1");
        Encoding.UTF8.GetString(key.ToBytes()).ShouldBe("T1:U1");
    }

    [Fact]
    public void What_is_written_is_read_again() =>
        Gen.Select(Gen.String[Gen.Char.AlphaNumeric, 1, 12], Gen.String[Gen.Char.AlphaNumeric, 1, 12]).Sample((team, user) =>
        {
            MemberKey.TryParse(new MemberKey(team, user).ToString(), out var key).ShouldBeTrue();
            key.ShouldBe(new MemberKey(team, user));
        });

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("T1")]
    [InlineData("T1:")]
    [InlineData(":U1")]
    public void What_is_no_key_is_refused(string? text)
    {
        MemberKey.TryParse(text, out var key).ShouldBeFalse();
        key.ShouldBe(default);
    }

    [Fact]
    public void The_first_colon_divides()
    {
        MemberKey.TryParse("T1:U:1", out var key).ShouldBeTrue();
        key.ShouldBe(new MemberKey("T1", "U:1"));
    }
}
