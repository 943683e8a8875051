using System.Text;
using Microsoft.AspNetCore.Http;
using StudyTracker.Sandbox.Responses;

namespace StudyTracker.UnitTests.Sandbox;

public sealed class ResponseUrlTests
{
    [Fact]
    public void An_address_lies_below_the_sandboxs_own_in_the_form_of_Slacks()
    {
        using var asked = new SandboxFixture();
        using var configured = new SandboxFixture(configure: options => options.PublicUrl = new Uri("http://127.0.0.1:7080/"));

        Add(asked).ShouldStartWith($"http://sandbox.example:81/responses/commands/{SandboxFixture.Team}/");
        Add(configured, "1.000001").ShouldStartWith($"http://127.0.0.1:7080/responses/actions/{SandboxFixture.Team}/");
    }

    [Fact]
    public void An_address_takes_five_answers_and_none_after_half_an_hour()
    {
        using var sandbox = new SandboxFixture();
        var (often, late) = (Path(Add(sandbox)), Path(Add(sandbox)));

        Enumerable.Range(0, 6).Select(_ => sandbox.Urls.Use(often, _ => null)).ShouldBe([null, null, null, null, null, "used_url"]);
        sandbox.Time.Advance(TimeSpan.FromMinutes(30) - TimeSpan.FromSeconds(1));
        sandbox.Urls.Use(late, _ => null).ShouldBeNull();
        sandbox.Time.Advance(TimeSpan.FromSeconds(1));
        sandbox.Urls.Use(late, _ => null).ShouldBe("expired_url");
        sandbox.Urls.Use(late + "x", _ => null).ShouldBe("no_service");
    }

    [Fact]
    public void An_answer_that_is_refused_uses_nothing_up()
    {
        using var sandbox = new SandboxFixture();
        var path = Path(Add(sandbox));

        for (var i = 0; i < 9; i++) sandbox.Urls.Use(path, _ => "no_text").ShouldBe("no_text");

        sandbox.Urls.Use(path, _ => null).ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"text":"x"}""", null)]
    [InlineData("""{"blocks":[{"type":"divider"}]}""", null)]
    [InlineData("""{"delete_original":true}""", null)]
    [InlineData("""{"text":"x","response_type":"in_channel","replace_original":"true"}""", null)]
    [InlineData("""{"text":"x","response_type":"loud"}""", "invalid_response_type")]
    [InlineData("""{"text":""}""", "no_text")]
    [InlineData("""{"blocks":[]}""", "no_text")]
    [InlineData("""{"blocks":[{"type":"nonsense"}]}""", "invalid_blocks")]
    [InlineData("""["text"]""", "invalid_payload")]
    [InlineData("text=x", "invalid_payload")]
    [InlineData("""{"text":"\ud800"}""", "invalid_payload")]
    [InlineData("", "invalid_payload")]
    public void What_is_no_answer_is_told_so(string json, string? error) => AppAnswer.Read(Encoding.UTF8.GetBytes(json)).Error.ShouldBe(error);

    [Fact]
    public void An_answer_is_for_the_one_who_asked_unless_it_says_otherwise()
    {
        using var sandbox = new SandboxFixture();

        Show(sandbox, """{"text":"only you"}""");
        Show(sandbox, """{"text":"everybody","response_type":"in_channel"}""");

        Ephemeral(sandbox).ShouldBe(["only you"]);
        Messages(sandbox).ShouldBe(["everybody"]);
        sandbox.Ledger.Ephemeral(SandboxFixture.Team, Channel(sandbox), "U0SEOULMINJ").ShouldBeEmpty();
        sandbox.Ledger.Counts().Posts.Calls.ShouldBe(0, "nobody called chat.postMessage");
    }

    [Fact]
    public void A_message_whose_button_was_pressed_is_replaced_or_deleted_on_request()
    {
        using var sandbox = new SandboxFixture();
        sandbox.Post(SandboxFixture.User);
        var ts = sandbox.Ledger.Messages(SandboxFixture.Team, Channel(sandbox)).ShouldHaveSingleItem().Ts;

        Show(sandbox, """{"text":"beside it"}""", ts);
        Show(sandbox, """{"text":"in its place","replace_original":true}""", ts);
        Messages(sandbox).ShouldBe(["in its place"]);
        Ephemeral(sandbox).ShouldBe(["beside it"]);
        sandbox.Ledger.FindMessage(SandboxFixture.Team, Channel(sandbox), ts)!.EditedTs.ShouldBe("1772442000.000000");

        Show(sandbox, """{"delete_original":true}""", ts);
        Messages(sandbox).ShouldBeEmpty();
    }

    [Fact]
    public void What_only_one_person_sees_is_replaced_or_deleted_too_and_outlives_a_restart()
    {
        var journal = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"responses-{Guid.NewGuid():n}.jsonl");
        try
        {
            using (var sandbox = new SandboxFixture(journal))
            {
                Show(sandbox, """{"text":"first"}""");
                var ts = sandbox.Ledger.Ephemeral(SandboxFixture.Team, Channel(sandbox), SandboxFixture.User)[0].Ts;
                Show(sandbox, """{"text":"instead","replace_original":true,"response_type":"in_channel"}""", ts, ephemeral: true);
                Messages(sandbox).ShouldBeEmpty();
                Ephemeral(sandbox).ShouldBe(["instead"]);
                Show(sandbox, """{"text":"second"}""");
                Show(sandbox, """{"delete_original":true}""", ts, ephemeral: true);
            }

            using var restarted = new SandboxFixture(journal);
            Ephemeral(restarted).ShouldBe(["second"]);
        }
        finally
        {
            File.Delete(journal);
        }
    }

    private static string Channel(SandboxFixture sandbox) => sandbox.Workspace.DirectMessageId(SandboxFixture.User);

    private static string[] Messages(SandboxFixture sandbox) =>
        [.. sandbox.Ledger.Messages(SandboxFixture.Team, Channel(sandbox)).Select(message => message.Text)];

    private static string[] Ephemeral(SandboxFixture sandbox) =>
        [.. sandbox.Ledger.Ephemeral(SandboxFixture.Team, Channel(sandbox), SandboxFixture.User).Select(message => message.Text)];

    private static void Show(SandboxFixture sandbox, string json, string? ts = null, bool ephemeral = false) => sandbox.Board.Show(
        new Invocation(SandboxFixture.Team, Channel(sandbox), SandboxFixture.User, ts, ephemeral), AppAnswer.Read(Encoding.UTF8.GetBytes(json)).Answer!);

    private static string Add(SandboxFixture sandbox, string? ts = null)
    {
        var request = new DefaultHttpContext().Request;
        (request.Scheme, request.Host) = ("http", new HostString("sandbox.example", 81));
        return sandbox.Urls.Add(new Invocation(SandboxFixture.Team, Channel(sandbox), SandboxFixture.User, ts), request);
    }

    private static string Path(string url) => new Uri(url).AbsolutePath[ResponseUrls.Path.Length..];
}
