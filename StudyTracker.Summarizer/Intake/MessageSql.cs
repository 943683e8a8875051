namespace StudyTracker.Summarizer.Intake;

/// <summary><see cref="MessageChange.Merge"/> in SQL: the row <c>m</c> of <c>study.messages</c> and another of the same message.</summary>
internal static class MessageSql
{
    /// <summary>What <c>m</c> is set to.</summary>
    /// <param name="other">The other row's name.</param>
    public static string Merge(string other)
    {
        var isNewer = IsNewer(other);
        return $"""
            text = CASE WHEN {isNewer} THEN {other}.text ELSE m.text END,
            attached = CASE WHEN {isNewer} THEN {other}.attached ELSE m.attached END,
            says_something = CASE WHEN {isNewer} THEN {other}.says_something ELSE m.says_something END,
            is_cut = CASE WHEN {isNewer} THEN {other}.is_cut ELSE m.is_cut END,
            user_id = CASE WHEN {isNewer} THEN {other}.user_id ELSE m.user_id END,
            told_ts = CASE WHEN {isNewer} THEN {other}.told_ts ELSE m.told_ts END,
            version = greatest(m.version, {other}.version),
            deleted_ts = least(m.deleted_ts, {other}.deleted_ts),
            thread_ts = coalesce(m.thread_ts, {other}.thread_ts)
            """;
    }

    /// <summary>Whether that would change <c>m</c>.</summary>
    /// <param name="other">The other row's name.</param>
    public static string IsNews(string other) => $"""
        {IsNewer(other)}
        OR least(m.deleted_ts, {other}.deleted_ts) IS DISTINCT FROM m.deleted_ts
        OR (m.thread_ts IS NULL AND {other}.thread_ts IS NOT NULL)
        """;

    private static string IsNewer(string other) => $"({other}.version, {other}.told_ts) > (m.version, m.told_ts)";
}
