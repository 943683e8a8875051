using Npgsql;
using NpgsqlTypes;

namespace StudyTracker.Summarizer.Storage;

/// <summary>Parameters of hand-written statements, with their types.</summary>
internal static class SqlParameters
{
    public static NpgsqlParameter Text(string? value) => Of(value, NpgsqlDbType.Text);

    public static NpgsqlParameter Number(int? value) => Of(value, NpgsqlDbType.Integer);

    public static NpgsqlParameter Flag(bool value) => Of(value, NpgsqlDbType.Boolean);

    public static NpgsqlParameter Time(DateTimeOffset? value) => Of(value?.ToUniversalTime(), NpgsqlDbType.TimestampTz);

    public static NpgsqlParameter Length(TimeSpan value) => Of(value, NpgsqlDbType.Interval);

    public static NpgsqlParameter Day(DateOnly value) => Of(value, NpgsqlDbType.Date);

    public static NpgsqlParameter Json(string value) => Of(value, NpgsqlDbType.Jsonb);

    public static NpgsqlParameter TimeOfDay(TimeOnly? value) => Of(value, NpgsqlDbType.Time);

    public static NpgsqlParameter Id(Guid value) => Of(value, NpgsqlDbType.Uuid);

    public static NpgsqlParameter Texts(IEnumerable<string> values) => Array(values, NpgsqlDbType.Text);

    /// <summary>One column of a set of rows, for <c>unnest</c>.</summary>
    public static NpgsqlParameter Column<TRow, T>(IEnumerable<TRow> rows, Func<TRow, T> column, NpgsqlDbType type) => Array(rows.Select(column), type);

    private static NpgsqlParameter Array<T>(IEnumerable<T> values, NpgsqlDbType type) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };

    private static NpgsqlParameter Of(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}
