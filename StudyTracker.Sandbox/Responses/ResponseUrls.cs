using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace StudyTracker.Sandbox.Responses;

/// <summary>A command that was given, or a button that was pressed: what the app may answer.</summary>
/// <param name="TeamId">Workspace.</param>
/// <param name="ChannelId">Where.</param>
/// <param name="UserId">By whom.</param>
/// <param name="SourceTs">The message whose button was pressed; null for a command.</param>
/// <param name="SourceIsEphemeral">Whether only that person sees this message.</param>
internal sealed record Invocation(string TeamId, string ChannelId, string UserId, string? SourceTs = null, bool SourceIsEphemeral = false);

/// <summary>Hands out response URLs in the form of Slack's, below an address of the sandbox's own, and keeps Slack's rules for them.</summary>
internal sealed class ResponseUrls(IOptions<SandboxOptions> options, TimeProvider time)
{
    /// <summary>Where they begin.</summary>
    public const string Path = "/responses";

    /// <summary>Slack's words for an address that takes no more.</summary>
    public const string Expired = "expired_url", Used = "used_url", Unknown = "no_service";

    private const int MaxUses = 5;
    private const int MaxKept = 10_000;
    private static readonly TimeSpan _life = TimeSpan.FromMinutes(30);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _urls = new(StringComparer.Ordinal);
    private readonly Queue<string> _oldest = new();

    /// <summary>A new address for the answers.</summary>
    /// <param name="invocation">To what.</param>
    /// <param name="request">The request that leads to it: unless configured, the sandbox is where its caller found it.</param>
    public string Add(Invocation invocation, HttpRequest request)
    {
        var number = RandomNumberGenerator.GetInt32(100_000_000, int.MaxValue).ToString(CultureInfo.InvariantCulture);
        var kind = invocation.SourceTs is null ? "commands" : "actions";
        var path = $"/{kind}/{invocation.TeamId}/{number}/{RandomNumberGenerator.GetHexString(24)}";
        lock (_gate)
        {
            _urls[path] = new Entry(invocation, time.GetUtcNow() + _life);
            _oldest.Enqueue(path);
            if (_oldest.Count > MaxKept) _urls.Remove(_oldest.Dequeue());
        }

        var own = options.Value.PublicUrl?.AbsoluteUri.TrimEnd('/') ?? $"{request.Scheme}://{request.Host}";
        return own + Path + path;
    }

    /// <summary>Uses an address once, if <paramref name="use"/> finds nothing wrong with what is sent there.</summary>
    /// <param name="path">What follows <see cref="Path"/>.</param>
    /// <param name="use">Takes what was sent; returns Slack's word for what is wrong with it, or null. Then no use is counted.</param>
    /// <returns>Why it was not taken; null: it was.</returns>
    public string? Use(string path, Func<Invocation, string?> use)
    {
        lock (_gate)
        {
            if (!_urls.TryGetValue(path, out var url)) return Unknown;
            if (time.GetUtcNow() >= url.Until) return Expired;
            if (url.Uses >= MaxUses) return Used;
            if (use(url.Invocation) is { } problem) return problem;
            url.Uses++;
            return null;
        }
    }

    private sealed record Entry(Invocation Invocation, DateTimeOffset Until)
    {
        public int Uses { get; set; }
    }
}
