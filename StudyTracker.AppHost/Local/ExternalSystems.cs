namespace StudyTracker.AppHost.Local;

/// <summary>Which outside systems are configured, and so need no stand-in on this machine.</summary>
/// <param name="Kafka">Bootstrap servers of a real cluster; null starts the local broker.</param>
/// <param name="StudyDb">Connection string of a real PostgreSQL; null starts one.</param>
/// <param name="Redis">Connection string of a real Redis; null starts one.</param>
/// <param name="Slack">Whether a Slack token is set.</param>
/// <param name="OpenAI">Whether an OpenAI key is set.</param>
internal sealed record ExternalSystems(string? Kafka, string? StudyDb, string? Redis, bool Slack, bool OpenAI)
{
    /// <summary>The Sandbox stands in for Slack and OpenAI, unless both are real.</summary>
    public bool NeedsSandbox => !(Slack && OpenAI);

    /// <summary>Reads them from the environment.</summary>
    /// <exception cref="LocalHostException">A Slack token without the signing secret: Ingress could let nobody in.</exception>
    public static ExternalSystems From(IReadOnlyDictionary<string, string> environment)
    {
        var slack = Value(environment, "Slack__BotToken") is not null
            || environment.Any(entry => entry.Key.StartsWith("Slack__BotTokens__", StringComparison.Ordinal) && entry.Value != "");
        if (slack && Value(environment, "Slack__SigningSecret") is null)
        {
            throw new LocalHostException(
                "A Slack bot token is set but Slack__SigningSecret is not. Set it too: it is in your Slack app's settings, "
                + "under Basic Information.");
        }

        return new ExternalSystems(
            Value(environment, "ConnectionStrings__kafka"),
            Value(environment, "ConnectionStrings__studydb"),
            Value(environment, "ConnectionStrings__redis"),
            slack,
            Value(environment, "OpenAI__ApiKey") is not null);
    }

    private static string? Value(IReadOnlyDictionary<string, string> environment, string name) =>
        environment.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
}
