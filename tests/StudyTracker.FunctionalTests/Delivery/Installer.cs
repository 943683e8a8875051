using System.Net;
using System.Web;

namespace StudyTracker.FunctionalTests.Delivery;

/// <summary>A workspace's owner, with a browser, who installs the app.</summary>
internal sealed class Installer(Uri notifier) : IDisposable
{
    private readonly HttpClient _browser = new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = notifier };

    /// <summary>Sets out for Slack; returns where to, and the state that has to come back.</summary>
    public async Task<(Uri Slack, string State)> BeginAsync()
    {
        using var begun = await _browser.GetAsync(new Uri("/slack/install", UriKind.Relative), TestContext.Current.CancellationToken);
        begun.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var slack = begun.Headers.Location!;
        return (slack, HttpUtility.ParseQueryString(slack.Query)["state"]!);
    }

    /// <summary>Comes back from Slack with a code for a workspace.</summary>
    public async Task<HttpStatusCode> EndAsync(string teamId, string state) => (await PageAsync($"code=code-{teamId}", state)).Status;

    /// <summary>Installs the app in a workspace.</summary>
    public async Task InstallAsync(string teamId) => (await EndAsync(teamId, (await BeginAsync()).State)).ShouldBe(HttpStatusCode.OK);

    /// <summary>Sets out, comes back with something, and reads what is said.</summary>
    public async Task<(HttpStatusCode Status, string Text)> ReadAsync(string query) => await PageAsync(query, (await BeginAsync()).State);

    public void Dispose() => _browser.Dispose();

    private async Task<(HttpStatusCode Status, string Text)> PageAsync(string query, string state)
    {
        using var answer = await _browser.GetAsync(
            new Uri($"/slack/oauth?{query}&state={Uri.EscapeDataString(state)}", UriKind.Relative), TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
