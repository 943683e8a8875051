using NodaTime;
using NodaTime.TimeZones;

namespace StudyTracker.Summarizer.Days;

/// <summary>
/// The world's time zones, by the names that people and programs give them. They are those of the TZDB that NodaTime brings along, so
/// that neither this machine's nor PostgreSQL's list of zones has a say in anybody's hours, and all replicas agree.
/// </summary>
internal static class TimeZones
{
    private static readonly Dictionary<string, string> _presentNames = PresentNames();

    /// <summary>The zone under its present name, whatever it is called here; null when there is none of that name.</summary>
    /// <param name="name">
    /// TZDB's name, present or former (<c>Asia/Calcutta</c>, <c>US/Pacific</c>), or the one that Windows has; letters of either case.
    /// </param>
    public static DateTimeZone? Find(string? name)
    {
        if (name is null) return null;
        name = name.Trim();
        return _presentNames.TryGetValue(name, out var present) || _presentNames.TryGetValue(name.Replace(' ', '_'), out present)
            ? DateTimeZoneProviders.Tzdb[present]
            : null;
    }

    private static Dictionary<string, string> PresentNames()
    {
        var source = TzdbDateTimeZoneSource.Default;
        // TZDB also links names that are in use to others with the same clock, such as Europe/Oslo to Europe/Berlin; its list of
        // places tells these from names that are no more. Nobody in Oslo wants to read that they live in Berlin.
        var places = source.ZoneLocations!.Select(place => place.ZoneId).ToHashSet();
        var names = source.CanonicalIdMap.ToDictionary(
            name => name.Key, name => places.Contains(name.Key) ? name.Key : name.Value, StringComparer.OrdinalIgnoreCase);
        foreach (var (windows, name) in source.WindowsMapping.PrimaryMapping) names.TryAdd(windows, names[name]);
        return names;
    }
}
