using StudyTracker.AppHost.Local;

namespace StudyTracker.FunctionalTests.Support;

/// <summary>One more Ingress, with short time-outs and a log of its own, for what nobody should send.</summary>
public sealed class GuardedIngress(App app) : IAsyncLifetime
{
    public const string Secret = "the-secret-of-the-guarded-ingress";

    private static int _count;

    private ExtraHost? _host;
    private SlackSide? _slack;
    private int _checked;

    internal Uri Url => _host!.Url;

    /// <summary>Slack, to see that this Ingress still serves.</summary>
    internal SlackSide Slack => _slack!;

    public async ValueTask InitializeAsync()
    {
        _host = await ExtraHost.StartAsync(
            $"guarded-{Interlocked.Increment(ref _count)}",
            ServiceNames.Ingress,
            app.Host.KafkaServers,
            app.Host.StudyDb,
            app.Host.RedisServers,
            new Dictionary<string, string>
            {
                ["Slack__SigningSecret"] = Secret,
                ["Ingress__HeadersTimeoutSeconds"] = "1",
                ["Ingress__BodyTimeoutSeconds"] = "1",
                ["Ingress__KeepAliveSeconds"] = "5",
            });
        _slack = new SlackSide(Url, Secret);
    }

    public async ValueTask DisposeAsync()
    {
        _slack?.Dispose();
        if (_host is not null) await _host.DisposeAsync();
    }

    /// <summary>Checks that what was logged since the last check tells of no failure and holds nothing that must not be in a log.</summary>
    internal async Task LogIsCleanAsync(params string[] secrets)
    {
        var log = await _host!.LogAsync();
        var news = log[_checked..];
        _checked = log.Length;
        foreach (var line in news.Split('\n'))
        {
            foreach (var word in (string[])[" fail: ", " crit: ", "Exception", Secret, App.Marker, .. secrets])
                line.Contains(word, StringComparison.Ordinal).ShouldBeFalse($"The log has '{word}': {line}");
        }
    }
}
