using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace StudyTracker.Summarizer.Scheduling;

/// <summary>The time zones that members say they live in; a name that this machine does not know is the schedule's zone.</summary>
internal sealed partial class MemberZones(IOptions<ScheduleOptions> schedule, ILogger<MemberZones> logger)
{
    // There are some 600 zones. Beyond this many names, unknown ones are not remembered, and so logged again.
    private const int MaxNames = 2_000;
    private readonly ConcurrentDictionary<string, TimeZoneInfo?> _zones = new();

    /// <summary>The zone of members whose own is not known.</summary>
    public TimeZoneInfo Default { get; } = TimeZoneInfo.FindSystemTimeZoneById(schedule.Value.TimeZone);

    public TimeZoneInfo Find(string? name) => IsKnown(name) ? _zones[name!]! : Default;

    /// <summary>Whether there is such a zone.</summary>
    public bool IsKnown(string? name)
    {
        if (string.IsNullOrEmpty(name)) return false;
        if (_zones.TryGetValue(name, out var zone)) return zone is not null;
        // PostgreSQL counts days by the name too, and knows only IANA's.
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone) || !zone.HasIanaId) zone = null;
        if (zone is null) LogUnknown(name.Length <= 64 ? name : name[..64], Default.Id);
        if (zone is not null || _zones.Count < MaxNames) _zones[name] = zone;
        return zone is not null;
    }

    [LoggerMessage(LogLevel.Warning, "'{Zone}' is no time zone of this machine; members who have it are treated as living in {Default}")]
    private partial void LogUnknown(string zone, string @default);
}
