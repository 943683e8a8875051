using Npgsql;
using StudyTracker.Summarizer.Revisions;
using StudyTracker.Summarizer.Storage;

namespace StudyTracker.Summarizer.Intake;

/// <summary>
/// Puts a channel's messages under its new id. Edits and deletions may have come under that id before the change did: such a row
/// is taken into that of the message. Repeating it is harmless.
/// </summary>
internal sealed partial class ChannelMove(NpgsqlDataSource database, ChannelIds channels, EditNotes notes, ILogger<ChannelMove> logger)
{
    private const int RowsTogether = 1_000;

    // The table is read through once, for there is no index by channel, which every message would pay for. Nobody waits for it.
    private const int SearchSeconds = 600;

    private const string FindRows = """
        SELECT m.ts, c.channel FROM study.channel_ids c
        JOIN study.messages m ON (m.team_id, m.channel) = (c.team_id, c.old_channel)
        WHERE c.team_id = $1 AND c.old_channel = $2
        """;

    // $1 workspace, $2 former id, $3 new id, $4 timestamps. The row under the former id is the one that summaries have covered.
    private const string Pairs = "unnest($4::text[]) AS p (ts)";
    private const string IsFormer = "(m.team_id, m.channel, m.ts) = ($1, $2, p.ts)";
    private const string IsEarly = "(early.team_id, early.channel, early.ts) = ($1, $3, p.ts)";

    private const string EarlyAsFormer = $"""
        (SELECT $1::text, $2::text, p.ts, early.text, early.version, early.deleted_ts, early.told_ts
        FROM {Pairs} JOIN study.messages early ON {IsEarly})
        """;

    private static readonly string _merge = $"UPDATE study.messages m SET {MessageSql.Merge("early")} FROM {Pairs}, study.messages early WHERE {IsFormer} AND {IsEarly}";
    private const string DropEarly = $"DELETE FROM study.messages early USING {Pairs}, study.messages m WHERE {IsFormer} AND {IsEarly}";
    private const string Rename = $"UPDATE study.messages m SET channel = $3 FROM {Pairs} WHERE {IsFormer}";

    // What is stored and not handed over yet links to the channel, too. An id has no letters that JSON escapes.
    private const string RenameSources = """
        UPDATE study.summaries SET content = replace(content::text, '"channel": "' || $2 || '"', '"channel": "' || $3 || '"')::jsonb
        WHERE team_id = $1 AND strpos(content::text, '"channel": "' || $2 || '"') > 0
        """;

    public async Task ApplyAsync(ChannelChange change, CancellationToken cancellationToken)
    {
        // From here on no row is written under the former id, so those that are there are all there will be.
        await channels.AddAsync(change, cancellationToken);
        var (rows, current) = await FindAsync(change, cancellationToken);
        if (current is null) return;
        foreach (var together in rows.Chunk(RowsTogether)) await MoveAsync(change, current, together, cancellationToken);
        await using var sources = database.CreateCommand(RenameSources);
        sources.CommandTimeout = SearchSeconds;
        sources.Parameters.AddRange(new[] { SqlParameters.Text(change.TeamId), SqlParameters.Text(change.OldId), SqlParameters.Text(current) });
        await sources.ExecuteNonQueryAsync(cancellationToken);
        LogMoved(change.OldId, change.TeamId, current, rows.Count);
    }

    /// <summary>The timestamps of the messages that are still under the former id, and the id that holds now; null when there are none.</summary>
    private async Task<(List<string> Rows, string? Current)> FindAsync(ChannelChange change, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(FindRows);
        command.CommandTimeout = SearchSeconds;
        command.Parameters.AddRange(new[] { SqlParameters.Text(change.TeamId), SqlParameters.Text(change.OldId) });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var (rows, current) = (new List<string>(), (string?)null);
        while (await row.ReadAsync(cancellationToken))
        {
            rows.Add(row.GetString(0));
            current = row.GetString(1);
        }

        return (rows, current);
    }

    private async Task MoveAsync(ChannelChange change, string current, string[] timestamps, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch(); // one transaction
        Add(new NpgsqlBatchCommand(ChannelIds.LockAlone));
        var note = notes.Command(EarlyAsFormer, "$5");
        if (note is not null) Add(note, SqlParameters.Length(notes.Settling));
        Add(new NpgsqlBatchCommand(_merge));
        Add(new NpgsqlBatchCommand(DropEarly));
        Add(new NpgsqlBatchCommand(Rename));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        EditNotes.Count(note);

        void Add(NpgsqlBatchCommand command, params NpgsqlParameter[] more)
        {
            if (command.CommandText != ChannelIds.LockAlone)
            {
                command.Parameters.AddRange((NpgsqlParameter[])
                [
                    SqlParameters.Text(change.TeamId), SqlParameters.Text(change.OldId), SqlParameters.Text(current), SqlParameters.Texts(timestamps), .. more,
                ]);
            }

            batch.BatchCommands.Add(command);
        }
    }

    [LoggerMessage(LogLevel.Information, "Channel {OldId} of {TeamId} is {NewId} now; {Messages} messages were put under that id")]
    private partial void LogMoved(string oldId, string teamId, string newId, int messages);
}
