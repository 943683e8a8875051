using System.Text.Json.Nodes;

namespace StudyTracker.UnitTests.Sandbox;

public sealed class TokenTests
{
    [Theory]
    [InlineData(null, "s", "code-T0SEOUL0001", null, "invalid_client_id")]
    [InlineData("c", null, "code-T0SEOUL0001", null, "bad_client_secret")]
    [InlineData("c", "s", "code-nowhere", null, "invalid_code")]
    [InlineData("c", "s", null, null, "invalid_code")]
    [InlineData("c", "s", "code-T0SEOUL0001", "password", "invalid_grant_type")]
    [InlineData("c", "s", null, "refresh_token", "invalid_refresh_token")]
    public void An_exchange_that_is_not_right_gets_Slacks_word_for_it(string? id, string? secret, string? code, string? grant, string error)
    {
        using var sandbox = new SandboxFixture();

        sandbox.Call("oauth.v2.access", new { client_id = id, client_secret = secret, code, grant_type = grant }, token: "").Code.ShouldBe(error);
    }

    [Fact]
    public void A_code_is_exchanged_for_the_workspaces_token()
    {
        using var sandbox = new SandboxFixture();

        var body = Exchange(sandbox);

        body["access_token"]!.GetValue<string>().ShouldBe("xoxb-sandbox-T0SEOUL0001");
        body["team"]!["id"]!.GetValue<string>().ShouldBe(SandboxFixture.Team);
        body["authed_user"]!["id"]!.GetValue<string>().ShouldBe(SandboxFixture.User);
        body["is_enterprise_install"]!.GetValue<bool>().ShouldBeFalse();
        body.ContainsKey("refresh_token").ShouldBeFalse();
    }

    [Fact]
    public void A_token_that_expires_is_refreshed_once_with_each_refresh_token()
    {
        using var sandbox = new SandboxFixture();
        sandbox.Faults.Settings = sandbox.Faults.Settings with { TokenLifetimeSeconds = 600 };
        var first = Exchange(sandbox);
        var (token, refresh) = (first["access_token"]!.GetValue<string>(), first["refresh_token"]!.GetValue<string>());

        first["expires_in"]!.GetValue<int>().ShouldBe(600);
        sandbox.Call("auth.test", new { }, token).Code.ShouldBeNull();
        var second = Refresh(sandbox, refresh);
        sandbox.Call("auth.test", new { }, token).Code.ShouldBeNull();
        sandbox.Time.Advance(TimeSpan.FromSeconds(601));
        sandbox.Call("auth.test", new { }, token).Code.ShouldBe("token_expired");
        sandbox.Call("auth.test", new { }, second["access_token"]!.GetValue<string>()).Code.ShouldBe("token_expired");
        Refresh(sandbox, refresh)["error"]!.GetValue<string>().ShouldBe("invalid_refresh_token");
        var third = Refresh(sandbox, second["refresh_token"]!.GetValue<string>());
        sandbox.Call("auth.test", new { }, third["access_token"]!.GetValue<string>()).Code.ShouldBeNull();
    }

    [Fact]
    public void An_organisations_token_serves_its_workspaces()
    {
        using var sandbox = new SandboxFixture();
        sandbox.Faults.Settings = sandbox.Faults.Settings with { OrgWideInstall = true };

        var body = Exchange(sandbox);
        var token = body["access_token"]!.GetValue<string>();

        body["team"].ShouldBeNull();
        body["is_enterprise_install"]!.GetValue<bool>().ShouldBeTrue();
        var enterprise = body["enterprise"]!["id"]!.GetValue<string>();
        enterprise.ShouldStartWith("E");
        sandbox.Call("auth.test", new { }, token).Body["enterprise_id"]!.GetValue<string>().ShouldBe(enterprise);
        sandbox.Call("chat.postMessage", new { channel = SandboxFixture.User, text = "x" }, token).Code.ShouldBeNull();
        sandbox.Call("chat.postMessage", new { channel = "#공부기록", text = "x" }, token).Code.ShouldBe("team_not_found");
    }

    [Fact]
    public void A_token_that_was_taken_back_is_good_again_after_the_next_installation()
    {
        using var sandbox = new SandboxFixture();

        sandbox.Call("auth.revoke", new { test = true }).Body["revoked"]!.GetValue<bool>().ShouldBeFalse();
        sandbox.Call("auth.revoke", new { }).Body["revoked"]!.GetValue<bool>().ShouldBeTrue();
        sandbox.Post(SandboxFixture.User).Code.ShouldBe("token_revoked");
        Exchange(sandbox);
        sandbox.Post(SandboxFixture.User).Code.ShouldBeNull();
    }

    [Fact]
    public void A_trigger_opens_one_modal_within_three_seconds()
    {
        using var sandbox = new SandboxFixture();
        var (used, late) = (sandbox.Triggers.Issue(), sandbox.Triggers.Issue());

        sandbox.Triggers.Exchange(used).ShouldBeNull();
        sandbox.Triggers.Exchange(used).ShouldBe("exchanged_trigger_id");
        sandbox.Triggers.Exchange("1.2.x").ShouldBe("invalid_trigger_id");
        sandbox.Time.Advance(TimeSpan.FromSeconds(4));
        sandbox.Triggers.Exchange(late).ShouldBe("expired_trigger_id");
    }

    [Fact]
    public void A_Home_view_is_replaced_only_by_who_knows_its_hash()
    {
        using var sandbox = new SandboxFixture();
        object view = new { type = "home", blocks = new[] { new { type = "divider" } } };

        var hash = sandbox.Call("views.publish", new { user_id = SandboxFixture.User, view }).Body["view"]!["hash"]!.GetValue<string>();

        sandbox.Call("views.publish", new { user_id = SandboxFixture.User, view, hash = "1.2" }).Code.ShouldBe("hash_conflict");
        sandbox.Call("views.publish", new { user_id = SandboxFixture.User, view, hash }).Code.ShouldBeNull();
        sandbox.Call("views.publish", new { user_id = SandboxFixture.User, view, hash }).Code.ShouldBe("hash_conflict");
        Messages(new { type = "modal", blocks = Array.Empty<object>() }).ShouldContain("[ERROR] unsupported type: modal [json-pointer:/view/type]");
        Messages(new { type = "home", blocks = Enumerable.Repeat(new { type = "divider" }, 101) }).ShouldContain("[ERROR] no more than 100 items allowed [json-pointer:/view/blocks]");
        Messages(new { type = "home", title = "x", blocks = Array.Empty<object>() }).ShouldContain("[ERROR] invalid additional property: title [json-pointer:/view]");

        IEnumerable<string> Messages(object wrong) => sandbox.Call("views.publish", new { user_id = SandboxFixture.User, view = wrong })
            .Body["response_metadata"]!["messages"]!.AsArray().Select(line => line!.GetValue<string>());
    }

    private static JsonObject Exchange(SandboxFixture sandbox) =>
        sandbox.Call("oauth.v2.access", new { client_id = "c", client_secret = "s", code = "code-T0SEOUL0001" }, token: "").Body;

    private static JsonObject Refresh(SandboxFixture sandbox, string refresh) => sandbox.Call(
        "oauth.v2.access", new { client_id = "c", client_secret = "s", grant_type = "refresh_token", refresh_token = refresh }, token: "").Body;
}
