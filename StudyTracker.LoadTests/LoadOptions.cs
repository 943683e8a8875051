using System.ComponentModel.DataAnnotations;

namespace StudyTracker.LoadTests;

/// <summary>
/// How scenarios are replayed (section <c>Load</c>): each can be given as <c>--set key=value</c>, or in the environment as
/// <c>Load__Key</c>.
/// </summary>
internal sealed class LoadOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Load";

    /// <summary>How much faster than the clock scenarios with a clock go (SC2 to SC4); 1 by default, 0.1 to 1,000.</summary>
    [Range(0.1, 1_000, ErrorMessage = "must be 0.1 to 1,000.")]
    public double Speed { get; set; } = 1;

    /// <summary>Users in relation to the scenario's; 1 by default, 0.001 to 10.</summary>
    [Range(0.001, 10, ErrorMessage = "must be 0.001 to 10.")]
    public double Scale { get; set; } = 1;

    /// <summary>
    /// Requests a second in stages of connections; -1 (the default): as the scenario says; 0: each user as fast as it is answered.
    /// Up to 1,000,000.
    /// </summary>
    [Range(-1, 1_000_000, ErrorMessage = "must be -1 to 1,000,000 requests a second.")]
    public double Rate { get; set; } = -1;

    /// <summary>When people write: <c>constant</c> (the default) or <c>poisson</c>.</summary>
    [AllowedValues("constant", "poisson", ErrorMessage = "must be constant or poisson.")]
    public string Arrivals { get; set; } = "constant";

    /// <summary>What chance starts from: the same seed draws the same; 1 by default.</summary>
    public int Seed { get; set; } = 1;

    /// <summary>How long a connect, or a request with its answer, may take, in milliseconds; 10,000 by default, 100 to 600,000. Slack waits 3,000.</summary>
    [Range(100, 600_000, ErrorMessage = "must be 100 to 600,000 ms.")]
    public int TimeoutMs { get; set; } = 10_000;

    /// <summary>Requests in flight, beyond which one that is due is dropped and counted as such; 20,000 by default, 1 to 1,000,000.</summary>
    [Range(1, 1_000_000, ErrorMessage = "must be 1 to 1,000,000 requests.")]
    public int MaxInFlight { get; set; } = 20_000;

    /// <summary>Connections being opened at once; 512 by default, 1 to 10,000.</summary>
    [Range(1, 10_000, ErrorMessage = "must be 1 to 10,000 connections.")]
    public int ConnectsAtOnce { get; set; } = 512;

    /// <summary>Workspaces that the events are spread over; 0 (the default): as many as Slack's hourly cap needs. Up to 1,000.</summary>
    [Range(0, 1_000, ErrorMessage = "must be 0 to 1,000 workspaces.")]
    public int Workspaces { get; set; }

    /// <summary>Local ports of SC1b-churn, which run out on purpose; 4,000 by default, 1 to 20,000.</summary>
    [Range(1, 20_000, ErrorMessage = "must be 1 to 20,000 ports.")]
    public int Ports { get; set; } = 4_000;

    /// <summary>Source addresses of SC1b-spread; 8 by default, 1 to 200.</summary>
    [Range(1, 200, ErrorMessage = "must be 1 to 200 addresses.")]
    public int Sources { get; set; } = 8;

    /// <summary>Share of Slack's answers that are 429; -1 (the default): as the scenario says. Up to 0.9.</summary>
    [Range(-1, 0.9, ErrorMessage = "must be -1 to 0.9.")]
    public double Slack429 { get; set; } = -1;

    /// <summary>How long the pipeline may take to finish after the last request, in seconds; 300 by default, 1 to 7,200.</summary>
    [Range(1, 7_200, ErrorMessage = "must be 1 to 7,200 seconds.")]
    public int DrainSeconds { get; set; } = 300;

    /// <summary>Services to kill with -9 during the load, as <c>service@share</c> of its length, comma-separated: <c>summarizer@0.5</c>.</summary>
    public string Kill { get; set; } = "";

    /// <summary>Which engine sends: <c>own</c>, or <c>nbomber</c> where this build has it. Empty (the default): the better one of this build.</summary>
    public string Engine { get; set; } = "";

    /// <summary>NBomber's licence key; organisations need one.</summary>
    public string NBomberLicense { get; set; } = "";

    /// <summary>Base address of Ingress in a system that runs elsewhere; empty (the default): this machine's.</summary>
    public string Target { get; set; } = "";

    /// <summary>Base address of the Sandbox of that system; empty: it has none, and what Slack received is not checked.</summary>
    public string Sandbox { get; set; } = "";

    /// <summary>Where results go; <c>artifacts/load</c> by default.</summary>
    public string Output { get; set; } = "artifacts/load";
}
