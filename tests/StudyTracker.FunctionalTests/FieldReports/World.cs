using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using StudyTracker.AppHost.Local;
using StudyTracker.AppHost.Local.Infrastructure;
using StudyTracker.FunctionalTests.Delivery;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.FieldReports;

/// <summary>
/// The application between a Slack and a model that are not our Sandbox: they send and answer what public bug reports say that the real
/// ones do. No token is configured; every workspace installs the app.
/// </summary>
public sealed class World(App app) : IAsyncLifetime
{
    private const string Secret = "the-secret-of-the-scripted-slack";
    private const string Key = "the-operators-key-of-the-scripted-world";

    private readonly LocalKafka _kafka = LocalKafka.Start();
    private readonly DirectoryInfo _keys = Directory.CreateTempSubdirectory("keys");
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10), DefaultRequestHeaders = { { "X-Api-Key", Key } } };
    private readonly List<ExtraHost> _hosts = [];

    internal DocumentedSlack Slack { get; private set; } = null!;

    internal ScriptedModel Model { get; private set; } = null!;

    internal Rows Rows { get; private set; } = null!;

    internal Groups Groups { get; private set; } = null!;

    /// <summary>Slack's side of Ingress.</summary>
    internal SlackSide Events { get; private set; } = null!;

    private ExtraHost Ingress => _hosts[0];

    private ExtraHost Notifier => _hosts[1];

    private ExtraHost Summarizer => _hosts[2];

    public async ValueTask InitializeAsync()
    {
        Slack = await DocumentedSlack.StartAsync();
        Model = await ScriptedModel.StartAsync();
        var database = $"world_{Guid.NewGuid():n}";
        await app.Rows.QueryAsync($"CREATE DATABASE {database}", _ => 0);
        var studyDb = new NpgsqlConnectionStringBuilder(app.Host.StudyDb) { Database = database }.ConnectionString;
        await AddAsync(ServiceNames.Ingress, studyDb, new() { ["Slack__SigningSecret"] = Secret });
        await AddAsync(ServiceNames.Notifier, studyDb, new()
        {
            ["Slack__ApiUrl"] = Slack.ApiUrl.AbsoluteUri,
            ["Slack__BotTokenTemplate"] = "",
            ["Slack__ClientId"] = "1.2",
            ["Slack__ClientSecret"] = "not-a-real-secret",
            ["Slack__KeysFolder"] = _keys.FullName,
            ["Notifier__PostsPerMinute"] = "6000",
            ["Notifier__Burst"] = "1000",
            ["Notifier__RetryDelayMs"] = "200",
        });
        await AddAsync(ServiceNames.Summarizer, studyDb, new()
        {
            ["OpenAI__Endpoint"] = Model.Endpoint.AbsoluteUri,
            ["OpenAI__ApiKey"] = "scripted",
            ["OpenAI__Model"] = $"scripted-{database}", // the prompt cache is shared with others
            ["OpenAI__TimeoutSeconds"] = "5",
            ["OpenAI__PostponeSeconds"] = "1",
            ["OpenAI__BreakSeconds"] = "1",
            ["Schedule__Enabled"] = "false",
            ["Runs__NotifierUrl"] = Notifier.ManagementUrl.AbsoluteUri,
            ["Members__ProfilesPerMinute"] = "1000",
            ["Members__ProfilePollSeconds"] = "1",
            ["Revisions__SettleSeconds"] = "1",
            ["Revisions__IntervalSeconds"] = "1",
            ["Replay__IntervalSeconds"] = "1",
        });
        Rows = new Rows(studyDb);
        Groups = new Groups(_kafka.BootstrapServers, _kafka.PartitionCount);
        Events = new SlackSide(Ingress.Url, Secret);
    }

    /// <summary>Somebody in a workspace that has installed the app.</summary>
    internal async Task<Learner> LearnerAsync(string? profile = null, string? teamId = null)
    {
        var learner = Learner.New(teamId);
        if (profile is not null) Slack.Profiles[learner.UserId] = profile;
        if (teamId is null) await InstallAsync(learner.TeamId, Grant(learner.TeamId));
        return learner;
    }

    /// <summary>What oauth.v2.access answers for a workspace.</summary>
    internal static string Grant(string teamId) => $$$"""
        {"ok":true,"app_id":"A1","authed_user":{"id":"U0OWNER"},"scope":"chat:write,im:write","token_type":"bot","access_token":"xoxb-{{{teamId}}}",
         "bot_user_id":"UBOT","team":{"id":"{{{teamId}}}","name":"A workspace"},"enterprise":null,"is_enterprise_install":false}
        """;

    /// <summary>Somebody installs the app, and Slack's answer to the code is this.</summary>
    internal async Task<HttpStatusCode> TryInstallAsync(string code, string grant)
    {
        Slack.Grants[$"code-{code}"] = grant;
        using var owner = new Installer(Notifier.Url);
        return await owner.EndAsync(code, (await owner.BeginAsync()).State);
    }

    internal async Task InstallAsync(string code, string grant) => (await TryInstallAsync(code, grant)).ShouldBe(HttpStatusCode.OK);

    /// <summary>An event of Slack's, in an envelope of a workspace.</summary>
    internal static string Envelope(string? teamId, string slackEvent, string more = "") =>
        $$"""{"token":"x","team_id":{{JsonSerializer.Serialize(teamId)}},"api_app_id":"A1",{{more}}"event":{{slackEvent}},"type":"event_callback","event_id":"{{Learner.NewEventId()}}","event_time":1}""";

    /// <summary>Sends events that must all be taken, and waits until they are stored.</summary>
    internal async Task AcceptedAsync(params string[] bodies)
    {
        foreach (var body in bodies) await Events.AcceptedAsync(body);
        await Groups.CaughtUpAsync();
    }

    /// <summary>Has a summary written for everybody with something new, and waits until all of it has arrived.</summary>
    /// <returns>The run's status.</returns>
    internal async Task<JsonElement> RunAsync()
    {
        var runId = Operator.NewRun();
        using var answer = await _http.PostAsJsonAsync(
            new Uri(Ingress.ManagementUrl, "/scheduler/trigger"), new { kind = "daily", id = runId }, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var run = await Eventually.GetsAsync(
            () => _http.GetFromJsonAsync<JsonElement>(new Uri(Summarizer.ManagementUrl, $"/runs/{runId}"), TestContext.Current.CancellationToken),
            status => status.GetProperty("state").GetString() == "finished");
        await Groups.CaughtUpAsync();
        return run;
    }

    /// <summary>Waits until somebody's profile was asked for and kept.</summary>
    internal Task ProfiledAsync(Learner learner) => Eventually.HoldsAsync(async () => (await Rows.QueryAsync(
        "SELECT count(*) FROM study.members WHERE (team_id, user_id) = ($1, $2) AND profile_due > now() + interval '1 hour'",
        row => row.GetInt64(0),
        learner.TeamId,
        learner.UserId)).ShouldBe([1]));

    /// <summary>How many records were given up.</summary>
    internal async Task<int> DeadLettersAsync() =>
        (await _http.GetFromJsonAsync<Support.DeadLetters>(new Uri(Notifier.ManagementUrl, "/dead-letters"), TestContext.Current.CancellationToken))!.Count;

    /// <summary>Posts a form to Ingress as Slack does; returns status and body.</summary>
    internal Task<(HttpStatusCode Status, string Body)> FormAsync(string path, string form) => SignedForm.PostAsync(Ingress.Url, Secret, path, form);

    public async ValueTask DisposeAsync()
    {
        Events?.Dispose();
        Groups?.Dispose();
        foreach (var host in _hosts) await host.DisposeAsync();
        if (Rows is not null) await Rows.DisposeAsync();
        if (Slack is not null) await Slack.DisposeAsync();
        if (Model is not null) await Model.DisposeAsync();
        _http.Dispose();
        _kafka.Dispose();
        _keys.Delete(recursive: true);
    }

    private async Task AddAsync(string service, string studyDb, Dictionary<string, string> settings) => _hosts.Add(await ExtraHost.StartAsync(
        $"world-{service}", service, _kafka.BootstrapServers, studyDb, app.Host.RedisServers, new(settings) { ["Operations__ApiKey"] = Key }));
}

/// <summary>Tests in the scripted world: one after the other, because a run takes in everybody who has something new.</summary>
[CollectionDefinition(nameof(World))]
public sealed class OneWorld : ICollectionFixture<World>;
