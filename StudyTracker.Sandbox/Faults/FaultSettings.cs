namespace StudyTracker.Sandbox.Faults;

/// <summary>What goes wrong on purpose, changed while the sandbox runs. Shares are of all calls, 0 to 1.</summary>
internal sealed record FaultSettings
{
    /// <summary>Whether the Web API's rate limits are on.</summary>
    public bool RateLimits { get; init; } = true;

    /// <summary>Decides which calls are hit: the same seed hits the same calls, counted in order of arrival.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How long a hanging call is left without an answer, in ms; 0 to 600,000.</summary>
    public int HangMs { get; init; } = 60_000;

    /// <summary>How long the model takes, in ms; 0 to 600,000.</summary>
    public int ModelLatencyMs { get; init; }

    /// <summary>How much longer it may take by chance, in ms; 0 to 600,000.</summary>
    public int ModelJitterMs { get; init; }

    /// <summary>Model calls a minute before 429; 0 means no limit.</summary>
    public int ModelRequestsPerMinute { get; init; }

    /// <summary>Most tokens that the model takes as a prompt; 100 to 10,000,000.</summary>
    public int ModelContextTokens { get; init; } = 128_000;

    /// <summary>Faults of the model.</summary>
    public ModelFaults Model { get; init; } = new();

    /// <summary>Faults of Slack's Web API.</summary>
    public SlackFaults Slack { get; init; } = new();

    /// <summary>Errors that Slack gives for certain users, such as <c>"U…": "account_inactive"</c>.</summary>
    public IReadOnlyDictionary<string, string> PerUser { get; init; } = new Dictionary<string, string>();

    /// <summary>How long tokens last that oauth.v2.access hands out, in seconds; 0: for ever, without a refresh token. Up to 43,200.</summary>
    public int TokenLifetimeSeconds { get; init; }

    /// <summary>Whether oauth.v2.access installs the app for the whole organisation of a workspace.</summary>
    public bool OrgWideInstall { get; init; }

    /// <summary>What is wrong with these settings; null when nothing is.</summary>
    public string? Problem()
    {
        if (Model is null || Slack is null || PerUser is null) return "model, slack and perUser must be objects.";
        if (HangMs is < 0 or > 600_000) return "hangMs must be between 0 and 600000.";
        if (ModelLatencyMs is < 0 or > 600_000) return "modelLatencyMs must be between 0 and 600000.";
        if (ModelJitterMs is < 0 or > 600_000) return "modelJitterMs must be between 0 and 600000.";
        if (ModelRequestsPerMinute is < 0 or > 1_000_000) return "modelRequestsPerMinute must be between 0 and 1000000.";
        if (ModelContextTokens is < 100 or > 10_000_000) return "modelContextTokens must be between 100 and 10000000.";
        if (TokenLifetimeSeconds is < 0 or > 43_200) return "tokenLifetimeSeconds must be between 0 (for ever) and 43200.";
        if (!AreShares(Model.Shares)) return "model: each share must be between 0 and 1, and their sum at most 1.";
        if (!AreShares(Slack.Shares)) return "slack: each share must be between 0 and 1, and their sum at most 1.";
        if (PerUser.Count > 1_000 || PerUser.Values.Any(error => string.IsNullOrWhiteSpace(error) || error.Length > 64))
            return "perUser must name at most 1000 users, each with an error of at most 64 characters.";
        return null;
    }

    private static bool AreShares(double[] shares) => shares.All(share => share is >= 0 and <= 1) && shares.Sum() <= 1.000_001;
}
