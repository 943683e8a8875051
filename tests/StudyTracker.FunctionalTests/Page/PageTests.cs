using System.Text.Json;
using StudyTracker.AppHost.Local;
using StudyTracker.FunctionalTests.Runs;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Page;

/// <summary>The Sandbox's page, used by keyboard.</summary>
[Collection(nameof(OneRunAtATime))]
public sealed class PageTests(App app)
{
    // Of the workspace and of whom the page shows first.
    private static readonly Learner _learner = new("T0SEOUL0001", "U0SEOULJIWO", "C0SEOULLOG1");

    [Fact]
    public async Task Notes_commands_and_runs_work_by_keyboard_and_nothing_takes_the_focus_away()
    {
        await using var page = await LivePage.OpenAsync(new Uri(app.Host.Services[ServiceNames.Sandbox].Url, "/?lang=en"));
        await page.HoldsAsync("!!document.querySelector('#learners [aria-checked=true]') && document.getElementById('live').dataset.on === 'true'");

        // Writing: what is typed stands there as typed.
        await page.FocusAsync("#compose-text");
        await page.TypeAsync($"{App.Marker} I learned that <b> & `Vec<u8>` are text.");
        await page.EnterAsync();
        await page.HoldsAsync($"document.querySelector('#timeline .row .content')?.innerText === '{App.Marker} I learned that <b> & Vec<u8> are text.'");
        await page.HoldsAsync("!!document.querySelector('#timeline .tick.accepted')");
        (await page.FocusAsync()).ShouldBe("compose-text");

        // An unknown command, and one that pauses: both are answered to the one who typed them, and none becomes a note.
        await SayAsync(page, "/foo");
        await page.HoldsAsync("document.querySelector('#timeline .ephemeral')?.innerText.includes('not a valid command')");
        await SayAsync(page, "/study pause");
        await page.HoldsAsync("[...document.querySelectorAll('#timeline .ephemeral')].at(-1).innerText.includes('/study')");
        await page.HoldsAsync("document.getElementById('member').innerText.includes('are paused')");
        (await page.FocusAsync()).ShouldBe("compose-text");
        (await page.EvaluateAsync("document.querySelectorAll('#timeline .row:not(.ephemeral)').length"))!.GetValue<int>().ShouldBe(1);

        // A run tells the truth, in whatever language, and the way back is at hand.
        await page.FocusAsync("#run-button");
        await page.EnterAsync();
        await page.HoldsAsync("document.getElementById('run-progress').innerText.includes('paused or stopped')");
        (await page.FocusAsync()).ShouldBe("run-button");
        await page.EvaluateAsync("document.getElementById('language').click()");
        await page.HoldsAsync("document.getElementById('run-progress').innerText.includes('멈춰')");
        await page.EvaluateAsync("document.getElementById('language').click()");
        await page.FocusAsync("#member [data-part=resume]");
        await page.EnterAsync();
        await page.HoldsAsync("document.getElementById('member').innerText === ''");

        await EditAsync(page);
        page.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_link_to_a_message_opens_the_page_there_as_its_author()
    {
        var (author, ts) = (_learner with { UserId = "U0SEOULMINJ", ChannelId = "C0SEOULNET1" }, Learner.NewTs());
        await app.Sandbox.SendAsync([new { author.TeamId, author.UserId, author.ChannelId, Text = $"{App.Marker} Linked.", Ts = ts }]);

        await using var page = await LivePage.OpenAsync(
            new Uri(app.Host.Services[ServiceNames.Sandbox].Url, $"/archives/{author.ChannelId}/p{ts.Replace(".", "", StringComparison.Ordinal)}?lang=en"));

        await page.HoldsAsync($"document.querySelector('#timeline .row.pointed .content')?.innerText === '{App.Marker} Linked.'");
        await page.HoldsAsync($"document.querySelector('#learners [aria-checked=true]').dataset.part === '{author.UserId}'");
        await page.HoldsAsync("document.activeElement.classList.contains('pointed')");
        page.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Texts_are_shown_as_Slack_shows_them_and_never_become_markup()
    {
        await using var page = await LivePage.OpenAsync(new Uri(app.Host.Services[ServiceNames.Sandbox].Url, "/?lang=en"));
        await page.HoldsAsync("document.readyState === 'complete'");

        foreach (var (text, html) in new[]
        {
            ("&lt;img src=x onerror=alert(1)&gt;", "<p>&lt;img src=x onerror=alert(1)&gt;</p>"),
            ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
            ("a &amp;lt; b &amp;&amp; c", "<p>a &amp;lt; b &amp;&amp; c</p>"),
            ("`a *b* &lt;c&gt;` *b* _i_ ~s~ 2*3*4 snake_case_name", "<p><code>a *b* &lt;c&gt;</code> <strong>b</strong> <em>i</em> <s>s</s> 2*3*4 snake_case_name</p>"),
            ("```\nx &lt; *y*\n```", "<pre>x &lt; *y*</pre>"),
            ("not closed ``` here", "<p>not closed ``` here</p>"),
            ("&gt; said\n• one", "<blockquote>said</blockquote><div class=\"item\"><span>•</span><span>one</span></div>"),
            ("<https://x.example/?a=1&amp;b=2|the *site*>", Link("https://x.example/?a=1&amp;b=2", "the *site*")),
            ("(https://x.example/a_b_(c)), go", "<p>(" + Anchor("https://x.example/a_b_(c)", "https://x.example/a_b_(c)") + "), go</p>"),
            ("<javascript:alert(1)|click> <data:text/html,x|x>", "<p>&lt;javascript:alert(1)|click&gt; &lt;data:text/html,x|x&gt;</p>"),
            ("<@U0SEOULEMMA> <#C1|net> <!here>", "<p><span class=\"mention\">@Emma</span> <span class=\"mention\">#net</span> <span class=\"mention\">@here</span></p>"),
            ("<!date^1767225600^{date_num} {time}|then>", "<p><time datetime=\"2026-01-01T00:00:00.000Z\">01/01/2026 05:30</time></p>"),
            (":books: :nothing:", "<p>📚 :nothing:</p>"),
            ("𝒳 𠮷 \u202e x", "<p>𝒳 𠮷 \u202e x</p>"),
        })
        {
            var shown = await page.EvaluateAsync(
                "import('/mrkdwn.js').then(({ mrkdwn }) => mrkdwn("
                + $"{JsonSerializer.Serialize(text)}, {{ names: id => id === 'U0SEOULEMMA' ? 'Emma' : id, zone: 'Asia/Calcutta' }}).innerHTML)");
            $"{shown}".ShouldBe(html, text);
        }

        page.Errors.ShouldBeEmpty();

        static string Link(string url, string label) => $"<p>{Anchor(url, label)}</p>";
        static string Anchor(string url, string label) => $"<a href=\"{url}\" target=\"_blank\" rel=\"noopener noreferrer\">{label}</a>";
    }

    private async Task EditAsync(LivePage page)
    {
        // What arrives meanwhile is shown, and the editor stays.
        await page.FocusAsync("#timeline [data-part=edit]");
        await page.EnterAsync();
        (await page.FocusAsync()).ShouldBe("TEXTAREA");
        await app.Sandbox.SendAsync([SandboxSide.Event(_learner with { UserId = "U0SEOULMINJ" }, $"{App.Marker} I arrive.", Learner.NewEventId())]);
        await page.HoldsAsync("document.getElementById('timeline').innerText.includes('I arrive.')");
        (await page.FocusAsync()).ShouldBe("TEXTAREA");
        await page.EscapeAsync();
        (await page.FocusAsync()).ShouldBe("edit");

        await page.EnterAsync();
        await page.TypeAsync(" Really.");
        await page.EnterAsync();
        await page.HoldsAsync("!!document.querySelector('#timeline .edited') && document.querySelector('#timeline .content').innerText.endsWith('Really.')");
        (await page.FocusAsync()).ShouldBe("edit");

        // Deleting asks, and Escape means no.
        await page.FocusAsync("#timeline [data-part=remove]");
        await page.EnterAsync();
        await page.HoldsAsync("!!document.querySelector('#timeline .confirm')");
        await page.EscapeAsync();
        (await page.FocusAsync()).ShouldBe("remove");
        await page.EnterAsync();
        await page.FocusAsync("#timeline .confirm .danger");
        await page.EnterAsync();
        await page.HoldsAsync("!document.querySelector('#timeline .edited')");
    }

    private static async Task SayAsync(LivePage page, string text)
    {
        await page.FocusAsync("#compose-text");
        await page.TypeAsync(text);
        await page.EnterAsync();
    }
}
