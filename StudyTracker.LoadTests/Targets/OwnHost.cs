using System.Globalization;
using System.Net.Http.Json;
using StudyTracker.AppHost.Local;
using StudyTracker.LoadTests.Scenarios;

namespace StudyTracker.LoadTests.Targets;

/// <summary>The local host as load tests start it.</summary>
internal static class OwnHost
{
    /// <summary>The environment variable by which .NET's sockets complete without the thread pool.</summary>
    public const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    private const int WarmUpTriggers = 20;

    // The largest pace that the Notifier can be set to.
    private const int MaxPostsPerMinute = 6_000;

    /// <summary>Posts a minute and workspace when time goes so much faster.</summary>
    public static int PostsPerMinute(SlackLimits slack, double speed) => (int)Math.Clamp(slack.PostsPerMinuteAndWorkspace * speed, 1, MaxPostsPerMinute);

    /// <summary>Starts it with an empty database, and has it answer a few triggers.</summary>
    /// <param name="instance">Name of the instance.</param>
    /// <param name="slack">Slack's limits.</param>
    /// <param name="speed">How much faster than the clock the scenario goes.</param>
    /// <param name="also">An address on which Ingress listens as well, for clients that must not be on the loopback address.</param>
    /// <param name="settings">More settings of the services; they win.</param>
    /// <param name="output">Told what happens.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<LoadTarget> StartAsync(
        string instance, SlackLimits slack, double speed, string? also, IReadOnlyDictionary<string, string> settings, HostOutput output, CancellationToken cancel)
    {
        var pace = PostsPerMinute(slack, speed);
        var posts = pace.ToString(CultureInfo.InvariantCulture);
        var host = await LocalHost.StartAsync(
            new LocalHostSetup
            {
                Instance = instance,
                Fresh = true,
                Temporary = true,
                Options = LocalHostOptions.FromEnvironment(),
                IngressAddress = also,
                Environment = ServiceEnvironment.WithoutSettings(LocalHostSetup.OwnEnvironment()).Where(entry => entry.Key != InlineCompletions).ToDictionary(),
                Settings = new Dictionary<string, string>(settings),
                ServiceSettings = new Dictionary<string, IReadOnlyDictionary<string, string>>
                {
                    [ServiceNames.Sandbox] = Merged(settings, ("Sandbox__WorkspacePostsPerMinute", posts)),
                    // The schedule's own time may come during the run.
                    [ServiceNames.Summarizer] = Merged(settings, ("Schedule__Enabled", "false")),
                    [ServiceNames.Notifier] = Merged(settings, ("Notifier__PostsPerMinute", posts)),
                },
            },
            output,
            cancel);
        await WarmUpAsync(host, cancel);
        return LoadTarget.Of(host, pace);
    }

    /// <summary>
    /// What a process compiles for its first answer is no part of what it does all day, and with ten triggers one is a tenth of all.
    /// They are of one run, and nobody has written yet, so nothing comes of them.
    /// </summary>
    private static async Task WarmUpAsync(LocalHost host, CancellationToken cancel)
    {
        using var http = new HttpClient { BaseAddress = host.Services[ServiceNames.Ingress].Url };
        http.DefaultRequestHeaders.Add("X-Api-Key", host.OperatorKey);
        for (var i = 0; i < WarmUpTriggers; i++)
        {
            using var answer = await http.PostAsJsonAsync("/scheduler/trigger", new { kind = "daily", id = "warm-up" }, cancel);
            answer.EnsureSuccessStatusCode();
        }
    }

    private static Dictionary<string, string> Merged(IReadOnlyDictionary<string, string> settings, (string Key, string Value) own)
    {
        var merged = new Dictionary<string, string>(settings);
        merged.TryAdd(own.Key, own.Value);
        return merged;
    }
}
