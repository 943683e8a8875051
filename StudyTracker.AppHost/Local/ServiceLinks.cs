namespace StudyTracker.AppHost.Local;

/// <summary>Everything that one part of the application has to know about the others.</summary>
internal sealed record ServiceLinks
{
    /// <summary>The public port of each service.</summary>
    public required IReadOnlyDictionary<string, int> Ports { get; init; }

    /// <summary>The management ports that differ from the public one. Ingress is open to the internet, so it has two.</summary>
    public required IReadOnlyDictionary<string, int> ManagementPorts { get; init; }

    /// <summary>Kafka's bootstrap servers.</summary>
    public required string Kafka { get; init; }

    /// <summary>Whether that is the broker of <see cref="Infrastructure.LocalKafka"/>.</summary>
    public required bool KafkaIsLocal { get; init; }

    /// <summary>Partitions of each topic.</summary>
    public required int PartitionCount { get; init; }

    /// <summary>Connection string of PostgreSQL; empty until it is known.</summary>
    public string StudyDb { get; init; } = "";

    /// <summary>Connection string of Redis; empty until it is known.</summary>
    public string Redis { get; init; } = "";

    /// <summary>The key that operator endpoints ask for in X-Api-Key.</summary>
    public required string OperatorKey { get; init; }

    /// <summary>The secret that the Sandbox signs with and Ingress checks.</summary>
    public required string SigningSecret { get; init; }

    /// <summary>Folder of the fail points.</summary>
    public required string FailPoints { get; init; }

    /// <summary>The Sandbox's record of all that it sent and received.</summary>
    public required string SandboxJournal { get; init; }

    /// <summary>Whether a Slack token is configured: then events come from Slack and messages go there.</summary>
    public required bool SlackIsReal { get; init; }

    /// <summary>Whether an OpenAI key is configured.</summary>
    public required bool OpenAIIsReal { get; init; }

    /// <summary>Where a service takes its users' requests.</summary>
    public string Url(string service) => $"http://127.0.0.1:{Ports[service]}";

    /// <summary>Where a service answers its operator.</summary>
    public string ManagementUrl(string service) =>
        ManagementPorts.TryGetValue(service, out var port) ? $"http://127.0.0.1:{port}" : Url(service);
}
