using System.Collections;

namespace StudyTracker.AppHost.Local;

/// <summary>What a local host is to run: which instance, with which settings from outside.</summary>
public sealed record LocalHostSetup
{
    /// <summary>Name of the instance: its data is kept in <c>.studytracker/&lt;instance&gt;</c>.</summary>
    public required string Instance { get; init; }

    /// <summary>Whether to begin without what an earlier run of the instance left behind.</summary>
    public bool Fresh { get; init; }

    /// <summary>Whether the database is deleted when the host stops; logs and the Sandbox's journal stay.</summary>
    public bool Temporary { get; init; }

    /// <summary>Limits.</summary>
    public LocalHostOptions Options { get; init; } = new();

    /// <summary>
    /// The environment that the services inherit, and in which connection strings, Slack tokens and OpenAI keys are looked
    /// for. By default this process's own without any setting of StudyTracker, so that tests are alike everywhere.
    /// </summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = ServiceEnvironment.WithoutSettings(OwnEnvironment());

    /// <summary>More settings for all services; they win over those that the local host computes.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>More settings for one service, by its name; they win over all others.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> ServiceSettings { get; init; } =
        new Dictionary<string, IReadOnlyDictionary<string, string>>();

    /// <summary>The services to start, by name; all of them by default.</summary>
    public IReadOnlyCollection<string> Services { get; init; } = ServiceNames.All;

    /// <summary>
    /// An address of this machine on which Ingress takes requests besides the loopback address; null: none. Load tests use up a
    /// client's ports with it, which the kernel gives back at once on the loopback address.
    /// </summary>
    public string? IngressAddress { get; init; }

    /// <summary>This process's environment.</summary>
    public static IReadOnlyDictionary<string, string> OwnEnvironment() =>
        System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "");
}
