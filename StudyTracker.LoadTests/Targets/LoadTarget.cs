using StudyTracker.AppHost.Local;

namespace StudyTracker.LoadTests.Targets;

/// <summary>A system to load, and what of it can be looked into.</summary>
internal sealed record LoadTarget
{
    /// <summary>Ingress.</summary>
    public required Uri Ingress { get; init; }

    /// <summary>The secret that signs events.</summary>
    public required string SigningSecret { get; init; }

    /// <summary>The key of operators.</summary>
    public string OperatorKey { get; init; } = "";

    /// <summary>Connection string of PostgreSQL; empty: what is stored cannot be checked.</summary>
    public string StudyDb { get; init; } = "";

    /// <summary>The Sandbox; null: what Slack received cannot be checked.</summary>
    public Uri? Sandbox { get; init; }

    /// <summary>The host, when it is on this machine and ours: its processes can be measured, and killed.</summary>
    public LocalHost? Host { get; init; }

    /// <summary>How many messages the Notifier posts to a workspace in a minute; null: not known, so Slack's own figure counts.</summary>
    public double? PostsPerMinute { get; init; }

    /// <summary>What a reader has to know.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What it is, for the report.</summary>
    public string Description => Host is null ? $"{Ingress}" : "StudyTracker's local host on this machine: services, PostgreSQL and Redis as processes, Kafka's protocol spoken by a broker in the generator's process";

    /// <summary>A system that runs elsewhere, from the configuration.</summary>
    /// <exception cref="LoadException">Its signing secret is missing.</exception>
    public static LoadTarget Remote(LoadOptions options, Func<string, string?> setting) => new()
    {
        Ingress = Address(options.Target, "--target"),
        SigningSecret = setting("Slack:SigningSecret") is { Length: > 0 } secret
            ? secret
            : throw new LoadException("A target needs its signing secret: set Slack__SigningSecret in the environment."),
        OperatorKey = setting("Operations:ApiKey") ?? "",
        StudyDb = setting("ConnectionStrings:studydb") ?? "",
        Sandbox = options.Sandbox.Length > 0 ? Address(options.Sandbox, "--set sandbox") : null,
        Notes = options.Speed == 1 ? [] : ["The system was not started by this run, so Slack's limits a minute are not compressed with the time."],
    };

    /// <summary>A host on this machine.</summary>
    public static LoadTarget Of(LocalHost host, double postsPerMinute) => new()
    {
        Ingress = host.Services[ServiceNames.Ingress].Url,
        SigningSecret = host.SigningSecret,
        OperatorKey = host.OperatorKey,
        StudyDb = host.StudyDb,
        Sandbox = host.Services.TryGetValue(ServiceNames.Sandbox, out var sandbox) ? sandbox.Url : null,
        Host = host,
        PostsPerMinute = postsPerMinute,
    };

    private static Uri Address(string text, string option) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw new LoadException($"{option} must be an address such as http://10.0.0.7:8080; it is '{text}'.");
}
