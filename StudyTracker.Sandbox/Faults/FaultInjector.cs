using Microsoft.Extensions.Options;

namespace StudyTracker.Sandbox.Faults;

/// <summary>Holds the settings in force and draws, for every call, whether it is hit.</summary>
internal sealed class FaultInjector
{
    private readonly SandboxOptions _options;
    private Settled _settled;
    private long _modelCalls;
    private long _slackCalls;

    public FaultInjector(IOptions<SandboxOptions> options)
    {
        _options = options.Value;
        _settled = new Settled(AtStart());
    }

    /// <summary>The settings in force. Setting them starts the sequence of draws anew.</summary>
    public FaultSettings Settings
    {
        get => Volatile.Read(ref _settled).Settings;
        set
        {
            Volatile.Write(ref _settled, new Settled(value));
            Interlocked.Exchange(ref _modelCalls, 0);
            Interlocked.Exchange(ref _slackCalls, 0);
        }
    }

    /// <summary>What configuration says: no faults.</summary>
    public FaultSettings AtStart() => new()
    {
        RateLimits = _options.RateLimits,
        ModelLatencyMs = (int)_options.ModelLatency.TotalMilliseconds,
        ModelJitterMs = (int)_options.ModelJitter.TotalMilliseconds,
        ModelRequestsPerMinute = _options.ModelRequestsPerMinute,
        ModelContextTokens = _options.ModelContextTokens,
    };

    /// <summary>The fault of the model's next call, the chance (0 to 1) that its jitter takes, and the call's number.</summary>
    public (ModelFault Fault, double Jitter, long Number) NextForModel()
    {
        var settled = Volatile.Read(ref _settled);
        var (seed, call) = (settled.Settings.Seed, Interlocked.Increment(ref _modelCalls));
        return ((ModelFault)Pick(settled.ModelShares, Chance(seed, call)), Chance(~seed, call), call);
    }

    /// <summary>The fault of the Web API's next call.</summary>
    public SlackFault NextForSlack()
    {
        var settled = Volatile.Read(ref _settled);
        return (SlackFault)Pick(settled.SlackShares, Chance(settled.Settings.Seed + 0x51AC, Interlocked.Increment(ref _slackCalls)));
    }

    /// <summary>0 when none of the shares is hit, else one more than its index.</summary>
    internal static int Pick(double[] shares, double chance)
    {
        var upTo = 0.0;
        for (var i = 0; i < shares.Length; i++)
        {
            upTo += shares[i];
            if (chance < upTo) return i + 1;
        }

        return 0;
    }

    /// <summary>
    /// Evenly spread over 0 to 1, from seed and number alone (the finaliser of SplitMix64): concurrent calls cannot
    /// disturb each other's draws, as they would with one random generator.
    /// </summary>
    internal static double Chance(int seed, long number)
    {
        unchecked
        {
            var z = (ulong)seed * 0x9E3779B97F4A7C15 + (ulong)number * 0xD1B54A32D192ED03;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
        }
    }

    /// <summary>Settings with their shares as every call needs them.</summary>
    private sealed record Settled(FaultSettings Settings)
    {
        public double[] ModelShares { get; } = Settings.Model.Shares;

        public double[] SlackShares { get; } = Settings.Slack.Shares;
    }
}
