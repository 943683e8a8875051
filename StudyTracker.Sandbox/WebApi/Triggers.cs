using System.Collections.Concurrent;
using System.Globalization;
using StudyTracker.Sandbox.Workspaces;

namespace StudyTracker.Sandbox.WebApi;

/// <summary>The trigger_ids of interactions and slash commands: each opens one modal, within three seconds.</summary>
internal sealed class Triggers(TimeProvider time)
{
    private const int MaxKept = 10_000;
    private static readonly TimeSpan _lifetime = TimeSpan.FromSeconds(3);
    private readonly ConcurrentDictionary<string, (DateTimeOffset Expires, bool IsUsed)> _issued = new();

    /// <summary>A new one.</summary>
    public string Issue()
    {
        if (_issued.Count >= MaxKept) _issued.Clear();
        var at = time.GetUtcNow();
        var id = string.Create(CultureInfo.InvariantCulture, $"{at.ToUnixTimeMilliseconds()}.{at.ToUnixTimeSeconds()}.{SlackIds.New("").ToLowerInvariant()}");
        _issued[id] = (at + _lifetime, false);
        return id;
    }

    /// <summary>Uses one; returns Slack's error when it is not good.</summary>
    public string? Exchange(string? id)
    {
        if (id is null || !_issued.TryGetValue(id, out var issued)) return "invalid_trigger_id";
        if (issued.IsUsed || !_issued.TryUpdate(id, (issued.Expires, true), issued)) return "exchanged_trigger_id";
        return issued.Expires < time.GetUtcNow() ? "expired_trigger_id" : null;
    }
}
