using System.Collections.Frozen;
using Npgsql;
using StudyTracker.Summarizer.Storage;

namespace StudyTracker.Summarizer.Intake;

/// <summary>The ids that channels have, for those that they had before, as far as this process knows.</summary>
/// <param name="version">Up to which entry they were read; 0: there was none.</param>
/// <param name="current">Of each former id, the one that holds now.</param>
internal sealed class KnownChannels(long version, FrozenDictionary<(string TeamId, string Channel), string> current)
{
    public static KnownChannels None { get; } = new(0, FrozenDictionary<(string, string), string>.Empty);

    public long Version => version;

    /// <summary>What is said of each message together, each under the id that its channel has now.</summary>
    public IReadOnlyCollection<MessageChange> Merge(IReadOnlyCollection<MessageChange> changes)
    {
        var merged = new Dictionary<MessageKey, MessageChange>(changes.Count);
        foreach (var told in changes)
        {
            var change = current.Count > 0 && current.TryGetValue((told.Key.TeamId, told.Key.Channel), out var channel)
                ? told with { Key = told.Key with { Channel = channel } }
                : told;
            merged[change.Key] = merged.TryGetValue(change.Key, out var earlier) ? earlier.Merge(change) : change;
        }

        return merged.Values;
    }
}

/// <summary>
/// Remembers former ids of channels, so that a message has one row whichever id it is told with. Who stores messages holds the
/// lock of <see cref="LockShared"/> and compares the version; who adds an id, or moves rows, holds it alone. So no row is
/// written under an id that is known to be a former one.
/// </summary>
internal sealed class ChannelIds(NpgsqlDataSource database)
{
    public const string LockShared = "SELECT pg_advisory_xact_lock_shared(hashtextextended('study.channel_ids', 0))";
    public const string LockAlone = "SELECT pg_advisory_xact_lock(hashtextextended('study.channel_ids', 0))";

    /// <summary>The version that holds, for a statement that runs under the lock.</summary>
    public const string Version = "(SELECT coalesce(max(seq), 0) FROM study.channel_ids)";

    // An id never becomes a former one of itself. Where a change that was made earlier is told later, the ids that led to this one
    // lead on to what it leads to.
    private const string AddId = """
        WITH target AS (
            SELECT coalesce((SELECT channel FROM study.channel_ids WHERE team_id = $1 AND old_channel = $3), $3) AS channel),
        followed AS (
            UPDATE study.channel_ids c SET channel = target.channel FROM target
            WHERE c.team_id = $1 AND c.channel = $2 AND target.channel <> $2)
        INSERT INTO study.channel_ids (team_id, old_channel, channel)
        SELECT $1, $2, target.channel FROM target WHERE target.channel <> $2
        ON CONFLICT (team_id, old_channel) DO NOTHING
        """;

    private const string Select = "SELECT seq, team_id, old_channel, channel FROM study.channel_ids";

    private volatile KnownChannels _known = KnownChannels.None;

    public KnownChannels Known => _known;

    /// <summary>Reads them anew.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Select);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var (version, current) = (0L, new Dictionary<(string, string), string>());
        while (await row.ReadAsync(cancellationToken))
        {
            version = Math.Max(version, row.GetInt64(0));
            current[(row.GetString(1), row.GetString(2))] = row.GetString(3);
        }

        _known = new KnownChannels(version, current.ToFrozenDictionary());
    }

    /// <summary>Adds an id; durable when it returns. Adding it again changes nothing.</summary>
    public async Task AddAsync(ChannelChange change, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch(); // one transaction
        batch.BatchCommands.Add(new NpgsqlBatchCommand(LockAlone));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(AddId)
        {
            Parameters = { SqlParameters.Text(change.TeamId), SqlParameters.Text(change.OldId), SqlParameters.Text(change.NewId) },
        });
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
