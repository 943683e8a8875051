namespace StudyTracker.ClientTests;

/// <summary>
/// The clients that others wrote, against the Sandbox and Ingress: each test runs a file of <c>node/</c>, and fails with what
/// Node says when one test in it does.
/// </summary>
public sealed class ClientTests(Servers servers)
{
    [Fact]
    public Task Slacks_web_client_reads_posts_pages_and_waits_as_with_Slack() => servers.RunAsync("web-api.test.js", atLeast: 11);

    [Fact]
    public Task Ingress_takes_and_refuses_what_Bolt_takes_and_refuses() => servers.RunAsync("ingress.test.js", atLeast: 4);

    [Fact]
    public Task An_app_of_Bolts_gets_events_commands_and_clicks_of_the_Sandbox() => servers.RunAsync("bolt.test.js", atLeast: 4);

    [Fact]
    public Task Slacks_own_installer_installs_from_the_Sandbox() => servers.RunAsync("oauth.test.js", atLeast: 5);

    [Fact]
    public Task OpenAIs_client_completes_chats_streams_and_parses_as_with_OpenAI() => servers.RunAsync("openai-chat.test.js", atLeast: 9);

    [Fact]
    public Task OpenAIs_client_gets_responses_as_from_OpenAI() => servers.RunAsync("openai-responses.test.js", atLeast: 6);

    [Fact]
    public void Every_file_of_tests_is_run()
    {
        var files = Directory.GetFiles(NodeProgram.Folder, "*.test.js").Select(Path.GetFileName).Order();

        files.ShouldBe(["bolt.test.js", "ingress.test.js", "oauth.test.js", "openai-chat.test.js", "openai-responses.test.js", "web-api.test.js"]);
    }
}
