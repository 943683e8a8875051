using Npgsql;

namespace StudyTracker.Notifier.DeadLetters;

/// <summary>
/// The dead letters that were dealt with while earlier ones of their partition wait on. Kafka's timestamp belongs to a letter's
/// name: a topic that was made anew has the same offsets again.
/// </summary>
internal sealed class DealtLetters(NpgsqlDataSource database)
{
    private const string Read = """SELECT "offset", died_at FROM delivery.dealt_letters WHERE partition = $1""";

    private const string Write = """
        INSERT INTO delivery.dealt_letters (partition, "offset", died_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
        """;

    private const string Delete = """DELETE FROM delivery.dealt_letters WHERE partition = $1 AND "offset" < $2""";

    /// <summary>Those of a partition.</summary>
    public async Task<HashSet<(long Offset, DateTimeOffset DeadSince)>> OfAsync(int partition, CancellationToken cancellationToken)
    {
        await using var command = Command(Read, partition);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var letters = new HashSet<(long, DateTimeOffset)>();
        while (await reader.ReadAsync(cancellationToken)) letters.Add((reader.GetInt64(0), reader.GetFieldValue<DateTimeOffset>(1)));
        return letters;
    }

    /// <summary>One more.</summary>
    public async Task AddAsync(DeadLetter letter, CancellationToken cancellationToken)
    {
        await using var command = Command(Write, letter.Partition, letter.Offset, letter.DeadSince);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The group's offset tells it of all before this one.</summary>
    public async Task ForgetAsync(int partition, long before, CancellationToken cancellationToken)
    {
        await using var command = Command(Delete, partition, before);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private NpgsqlCommand Command(string sql, params object[] parameters)
    {
        var command = database.CreateCommand(sql);
        foreach (var value in parameters) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}
