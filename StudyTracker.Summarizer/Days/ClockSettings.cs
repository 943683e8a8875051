using Npgsql;

namespace StudyTracker.Summarizer.Days;

/// <summary>What is known of a member's clock, and what they have chosen of it.</summary>
/// <param name="TimeZone">TZDB's name of their zone; null: not known.</param>
/// <param name="OffsetSeconds">How far their clock is ahead of UTC; it counts as long as the zone is not known. Null: not known.</param>
/// <param name="DayStart">When their day begins; null: when the schedule says so.</param>
internal sealed record ClockSettings(string? TimeZone, int? OffsetSeconds, TimeOnly? DayStart)
{
    /// <summary>The columns of <c>study.members m</c> that <see cref="Read"/> reads.</summary>
    public const string Columns = "m.time_zone, m.offset_seconds, m.day_start";

    /// <summary>Reads <see cref="Columns"/>, of which the first is at <paramref name="column"/>.</summary>
    public static ClockSettings Read(NpgsqlDataReader row, int column) => new(
        row.IsDBNull(column) ? null : row.GetString(column),
        row.IsDBNull(column + 1) ? null : row.GetInt32(column + 1),
        row.IsDBNull(column + 2) ? null : row.GetFieldValue<TimeOnly>(column + 2));
}
