using Npgsql;
using StudyTracker.Contracts;

namespace StudyTracker.Summarizer.Storage;

/// <summary>
/// By which clock the days of a member's messages are counted up to some message: the one that was known when they were stored. It
/// is written when another clock becomes known, or another beginning of the day is chosen; messages after the last of these
/// are counted by what <see cref="Member"/> says.
/// </summary>
internal sealed class PastClock
{
    public required string TeamId { get; init; }

    public required string UserId { get; init; }

    /// <summary>The last message that it holds for: <see cref="Message.Seq"/>.</summary>
    public long UntilSeq { get; init; }

    public string? TimeZone { get; set; }

    public int? OffsetSeconds { get; set; }

    public TimeOnly DayStart { get; init; }

    /// <summary>Reads until_seq, time_zone, offset_seconds and day_start, of which the first is at <paramref name="column"/>.</summary>
    public static PastClock Read(NpgsqlDataReader row, int column, MemberKey member) => new()
    {
        TeamId = member.TeamId,
        UserId = member.UserId,
        UntilSeq = row.GetInt64(column),
        TimeZone = row.IsDBNull(column + 1) ? null : row.GetString(column + 1),
        OffsetSeconds = row.IsDBNull(column + 2) ? null : row.GetInt32(column + 2),
        DayStart = row.GetFieldValue<TimeOnly>(column + 3),
    };
}

/// <summary>
/// A local day on which a member wrote something that a summary rests on. The streak is stored, so that it is not shortened when the
/// messages or days before it are deleted.
/// </summary>
internal sealed class StudyDay
{
    public required string TeamId { get; init; }

    public required string UserId { get; init; }

    public DateOnly Day { get; init; }

    /// <summary>The how manyth day in a row it is.</summary>
    public int Streak { get; set; }

    /// <summary>Whether it is a day of the schedule's zone, because the member's clock was not known.</summary>
    public bool Assumed { get; set; }
}
