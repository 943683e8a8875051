using Npgsql;
using StudyTracker.Contracts;
using StudyTracker.Kafka;
using StudyTracker.Storage;
using StudyTracker.Summarizer.Storage;
using StudyTracker.Summarizer.Summaries;

namespace StudyTracker.Summarizer.Members;

/// <summary>What was erased of a member.</summary>
/// <param name="Rows">Rows by table.</param>
/// <param name="CachedAnswers">Prompts whose answers the cache may have held.</param>
internal sealed record Erased(IReadOnlyDictionary<string, int> Rows, int CachedAnswers);

/// <summary>
/// Erases a member and everything derived from what the member wrote. Nothing is said to be erased that may still be there:
/// without Redis or Kafka it fails, and the rows are kept. Repeating it is harmless.
/// </summary>
internal sealed partial class MemberErasure(
    NpgsqlDataSource database, PromptCache cache, Publisher publisher, ILogger<MemberErasure> logger)
{
    private const string LockMember = "SELECT 1 FROM study.members WHERE team_id = $1 AND user_id = $2 FOR UPDATE";

    // Deleted first, because what is deleted is known for sure: a summary that is just being stored is among these or comes later.
    private const string DeleteSummaries = "DELETE FROM study.summaries WHERE team_id = $1 AND user_id = $2 RETURNING prompt_hash";

    // Read once the summaries are locked, so that no rewriting adds to them.
    private const string SelectReplaced =
        "SELECT replaced_hash FROM study.revisions WHERE team_id = $1 AND user_id = $2 AND replaced_hash IS NOT NULL";

    /// <summary>Erases the member; durable when it returns.</summary>
    /// <exception cref="StackExchange.Redis.RedisException">Redis is away; the rows are kept.</exception>
    /// <exception cref="PublishException">Kafka is away; delivery was not told, and the rows are kept.</exception>
    public async Task<Erased> EraseAsync(MemberKey member, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Intake locks this row as well: what it is storing for the member is erased too, or comes after.
        await using (var lockMember = MemberTables.Command(connection, LockMember, member)) await lockMember.ExecuteScalarAsync(cancellationToken);
        var prompts = await HashesAsync(connection, DeleteSummaries, member, cancellationToken);
        var summaries = prompts.Count;
        prompts.AddRange(await HashesAsync(connection, SelectReplaced, member, cancellationToken));
        var rows = new Dictionary<string, int>(await MemberTables.EraseAsync(connection, StudyDbContext.Schema, member, cancellationToken))
        {
            ["summaries"] = summaries,
        };
        await cache.RemoveAsync(prompts, cancellationToken);
        // On the topic and under the key of the member's summaries, so delivery learns of it after the last of these. Told before
        // the commit: when Kafka is away the rows stay, and the next attempt tells it again.
        await publisher.PublishAsync(
            Topics.Feedback, member.ToString(), new MemberErased(member.TeamId, member.UserId), ContractsJson.Default.MemberErased,
            RecordKinds.MemberErased, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        LogErased(rows.Values.Sum(), prompts.Count);
        return new Erased(rows, prompts.Count);
    }

    private static async Task<List<string>> HashesAsync(
        NpgsqlConnection connection, string sql, MemberKey member, CancellationToken cancellationToken)
    {
        await using var command = MemberTables.Command(connection, sql, member);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var hashes = new List<string>();
        while (await reader.ReadAsync(cancellationToken)) hashes.Add(reader.GetString(0));
        return hashes;
    }

    [LoggerMessage(LogLevel.Information, "A member was erased: {Rows} rows, answers to {Prompts} prompts")]
    private partial void LogErased(int rows, int prompts);
}
