using System.Globalization;
using System.Text.Json;

namespace StudyTracker.AppHost.Operations;

/// <summary>What was given up, for the console: by reason, however many there are of one.</summary>
internal static class GivenUpText
{
    // So many of a reason are named; the others are counted.
    private const int MaxNamed = 3;

    /// <summary>The parked summaries, from the answer of <c>GET /parked</c>.</summary>
    public static IEnumerable<string> Parked(JsonElement list)
    {
        var count = list.GetProperty("count").GetInt32();
        if (count == 0)
        {
            yield return "No summary is parked.";
            yield break;
        }

        yield return count == 1 ? "1 summary is parked:" : $"{count} summaries are parked:";
        var items = list.GetProperty("items").EnumerateArray().ToLookup(item => Text(item, "reason"));
        foreach (var reason in list.GetProperty("reasons").EnumerateArray())
        {
            yield return $"  {Count(reason)} for '{Text(reason, "reason")}', {Age(reason)}";
            foreach (var line in Named(items[Text(reason, "reason")], Count(reason), item => $"{Text(item, "summaryId")}  for {Text(item, "teamId")}:{Text(item, "userId")}"))
                yield return line;
        }
    }

    /// <summary>The dead letters, from the answer of <c>GET /dead-letters</c>.</summary>
    public static IEnumerable<string> DeadLetters(JsonElement list)
    {
        var count = list.GetProperty("count").GetInt32();
        if (count == 0)
        {
            yield return "There is no dead letter.";
            yield break;
        }

        yield return count == 1 ? "1 record is a dead letter:" : $"{count} records are dead letters:";
        var items = list.GetProperty("items").EnumerateArray().ToLookup(item => (Text(item, "topic"), Text(item, "stage"), Text(item, "reason")));
        foreach (var group in list.GetProperty("groups").EnumerateArray())
        {
            var (topic, stage, reason) = (Text(group, "topic"), Text(group, "stage"), Text(group, "reason"));
            yield return $"  {Count(group)} from {topic}, given up by {stage} for '{reason}', {Age(group)}";
            foreach (var line in Named(items[(topic, stage, reason)], Count(group), item => Text(item, "id"))) yield return line;
        }
    }

    /// <summary>What may be done about it.</summary>
    public static IEnumerable<string> Hints(bool parked, bool deadLetters)
    {
        if (!parked && !deadLetters) yield break;
        yield return "To send it on its way again, all of it or some:";
        if (parked) yield return "  ./study replay --all | --id <id> | --reason '<reason>'";
        if (deadLetters) yield return "  ./study replay --dead-letters --all | --id <id> | --topic <topic> | --reason '<reason>'";
        yield return "To give it up for good, the same with --drop '<why>'.";
    }

    private static IEnumerable<string> Named(IEnumerable<JsonElement> items, int count, Func<JsonElement, string> name)
    {
        var named = items.Take(MaxNamed).Select(name).ToList();
        foreach (var one in named) yield return $"      {one}";
        if (count > named.Count && named.Count > 0) yield return $"      and {count - named.Count} more";
    }

    private static int Count(JsonElement group) => group.GetProperty("count").GetInt32();

    private static string Text(JsonElement owner, string name) => owner.GetProperty(name).GetString() ?? "";

    private static string Age(JsonElement group)
    {
        var seconds = group.GetProperty("oldestSeconds").GetDouble();
        var age = seconds switch
        {
            < 120 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s"),
            < 7_200 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0} min"),
            < 172_800 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3_600:0} h"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 86_400:0} days"),
        };
        return Count(group) == 1 ? $"for {age}" : $"the oldest for {age}";
    }
}
