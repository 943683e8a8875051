using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace StudyTracker.UnitTests.Sandbox;

public sealed class RateLimitsTests
{
    [Fact]
    public void A_message_over_the_channel_limit_gets_429()
    {
        using var sandbox = new SandboxFixture();
        for (var i = 0; i < 3; i++) sandbox.Post(SandboxFixture.Channel).Status.ShouldBe(StatusCodes.Status200OK);

        var refused = sandbox.Post(SandboxFixture.Channel);

        refused.Status.ShouldBe(StatusCodes.Status429TooManyRequests);
        refused.RetryAfter.ShouldBe("1");
        sandbox.Post("C0SEOULALG1").Status.ShouldBe(StatusCodes.Status200OK);
    }

    [Fact]
    public void Whoever_waits_as_told_gets_through_and_then_one_a_second()
    {
        using var sandbox = new SandboxFixture();
        for (var i = 0; i < 3; i++) sandbox.Post(SandboxFixture.Channel);

        for (var i = 0; i < 5; i++)
        {
            sandbox.Time.Advance(TimeSpan.FromSeconds(int.Parse(sandbox.Post(SandboxFixture.Channel).RetryAfter!, CultureInfo.InvariantCulture)));
            sandbox.Post(SandboxFixture.Channel).Status.ShouldBe(StatusCodes.Status200OK);
        }
    }

    [Fact]
    public void A_user_and_the_direct_conversation_with_that_user_share_one_limit()
    {
        using var sandbox = new SandboxFixture();
        for (var i = 0; i < 3; i++) sandbox.Post(SandboxFixture.User);

        sandbox.Post(sandbox.Workspace.DirectMessageId(SandboxFixture.User)).Status.ShouldBe(StatusCodes.Status429TooManyRequests);
    }

    [Fact]
    public void A_workspace_takes_so_many_messages_in_any_minute_and_refused_ones_cost_nothing()
    {
        using var sandbox = new SandboxFixture(configure: options => options.WorkspacePostsPerMinute = 10);
        for (var i = 0; i < 10; i++)
        {
            sandbox.Limits.TakePost("T0SEOUL0001", $"D{i}").ShouldBe(TimeSpan.Zero);
            sandbox.Time.Advance(TimeSpan.FromSeconds(1));
        }

        for (var i = 0; i < 3; i++) sandbox.Limits.TakePost("T0SEOUL0001", "D99").ShouldBe(TimeSpan.FromSeconds(50));
        sandbox.Limits.TakePost("T0BERLIN001", "D99").ShouldBe(TimeSpan.Zero);
        sandbox.Time.Advance(TimeSpan.FromSeconds(50));
        sandbox.Limits.TakePost("T0SEOUL0001", "D99").ShouldBe(TimeSpan.Zero);
    }

    [Theory]
    [InlineData("users.list", 20)]
    [InlineData("reactions.remove", 20)]
    [InlineData("conversations.history", 50)]
    [InlineData("chat.update", 50)]
    [InlineData("users.info", 100)]
    [InlineData("conversations.members", 100)]
    [InlineData("auth.test", 600)]
    public void A_method_is_limited_by_its_tier_in_each_workspace(string method, int perMinute)
    {
        using var sandbox = new SandboxFixture();
        for (var i = 0; i < perMinute; i++) sandbox.Call(method, new { }).Status.ShouldBe(StatusCodes.Status200OK);

        var refused = sandbox.Call(method, new { });

        refused.Status.ShouldBe(StatusCodes.Status429TooManyRequests);
        refused.RetryAfter.ShouldBe("60");
        sandbox.Call(method, new { }, "xoxb-sandbox-T0BERLIN001").Status.ShouldBe(StatusCodes.Status200OK);
    }

    [Fact]
    public void Limits_can_be_switched_off()
    {
        using var sandbox = new SandboxFixture();
        sandbox.Faults.Settings = sandbox.Faults.Settings with { RateLimits = false };

        for (var i = 0; i < 20; i++) sandbox.Post(SandboxFixture.Channel).Status.ShouldBe(StatusCodes.Status200OK);
    }
}
