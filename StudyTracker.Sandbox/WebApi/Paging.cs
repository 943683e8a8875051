using System.Text;
using System.Text.Json.Nodes;

namespace StudyTracker.Sandbox.WebApi;

/// <summary>Cursors, which Slack makes of a word and the place to go on from.</summary>
internal static class Paging
{
    private const string Word = "next:";

    /// <summary>A page of a list that is sorted by id.</summary>
    /// <param name="arguments">With <c>cursor</c> and <c>limit</c>.</param>
    /// <param name="all">Everything, sorted by id.</param>
    /// <param name="id">The id of an item.</param>
    /// <param name="otherwise">How many there are on a page when the caller does not say.</param>
    /// <param name="max">How many there may be on a page.</param>
    public static (IReadOnlyList<T>? Page, string NextCursor, string? Error) Page<T>(
        ApiArguments arguments, IEnumerable<T> all, Func<T, string> id, int otherwise, int max)
    {
        if (arguments.Number("limit", otherwise, 1, max) is not { } limit) return (null, "", "invalid_limit");
        if (!TryRead(arguments.Text("cursor"), out var after)) return (null, "", "invalid_cursor");
        var found = all.Where(item => after is null || string.CompareOrdinal(id(item), after) > 0).Take(limit + 1).ToList();
        return found.Count > limit ? (found[..limit], Write(id(found[limit - 1])), null) : (found, "", null);
    }

    /// <summary>The member of an answer that tells where to go on.</summary>
    public static JsonObject Metadata(string nextCursor) => new() { ["next_cursor"] = nextCursor };

    /// <summary>The cursor for a place.</summary>
    public static string Write(string place) => Convert.ToBase64String(Encoding.ASCII.GetBytes(Word + place));

    /// <summary>The place of a cursor; null when there is no cursor. False when it is not a cursor.</summary>
    public static bool TryRead(string? cursor, out string? place)
    {
        place = null;
        if (cursor is null) return true;
        var buffer = new byte[cursor.Length];
        if (!Convert.TryFromBase64String(cursor, buffer, out var length)) return false;
        var text = Encoding.ASCII.GetString(buffer, 0, length);
        if (!text.StartsWith(Word, StringComparison.Ordinal)) return false;
        place = text[Word.Length..];
        return true;
    }
}
