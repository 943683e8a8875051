using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using StudyTracker.Summarizer.Intake;
using StudyTracker.Summarizer.Storage;
using StudyTracker.Telemetry;

namespace StudyTracker.Summarizer.Revisions;

/// <summary>
/// Has intake note which stored messages it changes, in its own transaction. A batch without edits and deletions, which is
/// nearly every one, has no statement more than before.
/// </summary>
internal sealed class EditNotes(IOptions<RevisionOptions> options)
{
    private static readonly Counter<long> _edits = Instruments.Meter.CreateCounter<long>(
        "studytracker.revisions.edits", "{message}", "Stored messages that were edited to another text, or deleted.");

    // Before the messages themselves are written, because the text must be compared with what it was. One that was deleted
    // stays so; an edit that comes again, or that changes no word, such as Slack's when it unfurls a link, is none. What is told
    // anew without a word of an edit has the time at which it was told.
    private static string Note(string changes, string settling) => $"""
        INSERT INTO study.message_edits AS e (team_id, user_id, seq, changed_at, first_at, due_at)
        SELECT
            m.team_id, m.user_id, m.seq,
            to_timestamp(least(new.deleted_ts, CASE WHEN new.text <> m.text THEN coalesce(nullif(greatest(new.version, 0), 0), new.told_ts) END)),
            now(), now() + {settling}
        FROM {changes} AS new (team_id, channel, ts, text, version, deleted_ts, told_ts)
        JOIN study.messages m USING (team_id, channel, ts)
        WHERE m.deleted_ts IS NULL
            AND (new.deleted_ts IS NOT NULL OR ((new.version, new.told_ts) > (m.version, m.told_ts) AND new.text <> m.text))
        ORDER BY m.team_id, m.user_id, m.seq
        ON CONFLICT (team_id, user_id, seq) DO UPDATE SET changed_at = least(e.changed_at, excluded.changed_at), due_at = excluded.due_at
        """;

    private static readonly string _note = Note(
        "unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::numeric[], $6::numeric[], $8::numeric[])", "$7");

    /// <summary>How long a member must have changed nothing before summaries are written anew.</summary>
    public TimeSpan Settling => TimeSpan.FromSeconds(options.Value.SettleSeconds);

    /// <summary>Has its counters start at 0.</summary>
    public static void CountFromZero(IServiceCollection services) => services.CountFromZero(_edits);

    /// <summary>Whether a change may be one of a message that is stored already.</summary>
    public static bool IsEdit(MessageChange change) => change.DeletedTs is not null || change.Version > 0 || change.ToldTs > 0;

    /// <summary>The statement that goes before the one that stores the changes; null when none is needed.</summary>
    public NpgsqlBatchCommand? Command(MessageChange[] changes)
    {
        if (!options.Value.Enabled || !Array.Exists(changes, IsEdit)) return null;
        var edits = Array.FindAll(changes, IsEdit);
        return new NpgsqlBatchCommand(_note)
        {
            Parameters =
            {
                SqlParameters.Column(edits, edit => edit.Key.TeamId, NpgsqlDbType.Text),
                SqlParameters.Column(edits, edit => edit.Key.Channel, NpgsqlDbType.Text),
                SqlParameters.Column(edits, edit => edit.Key.Ts, NpgsqlDbType.Text),
                SqlParameters.Column(edits, edit => edit.Content.Text, NpgsqlDbType.Text),
                SqlParameters.Column(edits, edit => edit.Version, NpgsqlDbType.Numeric),
                SqlParameters.Column(edits, edit => edit.DeletedTs, NpgsqlDbType.Numeric),
                SqlParameters.Length(Settling),
                SqlParameters.Column(edits, edit => edit.ToldTs, NpgsqlDbType.Numeric),
            },
        };
    }

    /// <summary>The statement that notes what other changes lead to; null when none is needed. Its parameters are left to the caller.</summary>
    /// <param name="changes">SQL of rows as the columns of <see cref="Note"/> name them.</param>
    /// <param name="settling">SQL of <see cref="Settling"/>.</param>
    public NpgsqlBatchCommand? Command(string changes, string settling) =>
        options.Value.Enabled ? new NpgsqlBatchCommand(Note(changes, settling)) : null;

    /// <summary>Counts what a statement has noted, once that is committed.</summary>
    public static void Count(NpgsqlBatchCommand? command)
    {
        if (command?.Rows > 0) _edits.Add((long)command.Rows);
    }
}
