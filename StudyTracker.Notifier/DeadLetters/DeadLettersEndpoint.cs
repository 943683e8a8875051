using Confluent.Kafka;
using Npgsql;
using StudyTracker.Contracts;
using StudyTracker.Kafka;

namespace StudyTracker.Notifier.DeadLetters;

/// <summary>The dead letters of all stages that nobody has dealt with yet.</summary>
/// <param name="Count">How many there are; at most as many as are looked at.</param>
/// <param name="ByTopic">How many by the topic they came from.</param>
/// <param name="Items">The first of them.</param>
internal sealed record DeadLetterList(int Count, IReadOnlyDictionary<string, int> ByTopic, IReadOnlyList<DeadLetter> Items);

/// <summary>What operators see and do about dead letters.</summary>
internal sealed partial class DeadLettersEndpoint(
    DeadLetterTopic topic, Publisher publisher, NpgsqlDataSource database, ILogger<DeadLettersEndpoint> logger)
{
    private const int MaxLooked = 10_000;
    private const int MaxListed = 200;
    private const int MaxReasonLength = 200;
    private const long LockKey = 0x5374_7564_7952_6570; // any number, the same in every replica

    // These say how it died. Without them it starts anew.
    private static readonly string[] _ofItsDeath =
    [
        RecordHeaders.SourceTopic, RecordHeaders.SourcePartition, RecordHeaders.SourceOffset, RecordHeaders.SourceGroup,
        RecordHeaders.Error, RecordHeaders.Attempts,
    ];

    public async Task<IResult> ListAsync(CancellationToken cancellationToken)
    {
        var (letters, byTopic) = (new List<DeadLetter>(), new Dictionary<string, int>());
        var count = 0;
        await topic.ReadAsync(
            commit: false,
            result =>
            {
                var letter = DeadLetterTopic.Describe(result);
                byTopic[letter.Topic] = byTopic.GetValueOrDefault(letter.Topic) + 1;
                if (letters.Count < MaxListed) letters.Add(letter);
                return Task.FromResult(++count < MaxLooked);
            },
            cancellationToken);
        return Results.Ok(new DeadLetterList(count, byTopic, letters));
    }

    /// <summary>
    /// Publishes every dead letter again, as it was, under its key to where it came from. One that was replayed is not
    /// replayed again; one that dies again is a new dead letter.
    /// </summary>
    public Task<IResult> ReplayAsync(CancellationToken cancellationToken) => AloneAsync(
        async () =>
        {
            var (replayed, lost) = (0, 0);
            await topic.ReadAsync(
                commit: true,
                async result =>
                {
                    if (await PublishAsync(result, cancellationToken)) replayed++;
                    else lost++;
                    return true;
                },
                cancellationToken);
            LogReplayed(replayed, lost);
            return Results.Ok(new { replayed, lost });
        },
        cancellationToken);

    /// <summary>Deals with every dead letter by doing nothing about it.</summary>
    public async Task<IResult> DropAsync(string? because, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(because) || because.Length > MaxReasonLength)
            return Results.Problem($"Say why in 'because', in at most {MaxReasonLength} characters.", statusCode: StatusCodes.Status400BadRequest);
        return await AloneAsync(
            async () =>
            {
                var dropped = 0;
                await topic.ReadAsync(
                    commit: true,
                    result =>
                    {
                        var letter = DeadLetterTopic.Describe(result);
                        LogDropped(letter.Topic, letter.Partition, letter.Offset, because.ReplaceLineEndings(" "));
                        dropped++;
                        return Task.FromResult(true);
                    },
                    cancellationToken);
                return Results.Ok(new { dropped });
            },
            cancellationToken);
    }

    /// <summary>False when there is nothing to replay: a record too large was kept without its content.</summary>
    private async Task<bool> PublishAsync(ConsumeResult<byte[], byte[]> result, CancellationToken cancellationToken)
    {
        var letter = DeadLetterTopic.Describe(result);
        if (!Topics.All.Contains(letter.Topic) || letter.Topic == Topics.DeadLetters || letter.Reason.Contains(RecordHeaders.NotKept, StringComparison.Ordinal))
        {
            LogLost(letter.Topic, letter.Partition, letter.Offset);
            return false;
        }

        var headers = new Headers();
        foreach (var header in result.Message.Headers ?? [])
        {
            if (!_ofItsDeath.Contains(header.Key)) headers.Add(header.Key, header.GetValueBytes());
        }

        await publisher.PublishAsync(letter.Topic, result.Message.Key ?? [], result.Message.Value ?? [], headers, cancellationToken);
        return true;
    }

    /// <summary>One at a time in all replicas: two would replay the same letters.</summary>
    private async Task<IResult> AloneAsync(Func<Task<IResult>> work, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock($1)", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = LockKey });
        if (await command.ExecuteScalarAsync(cancellationToken) is not true)
            return Results.Problem("Dead letters are being replayed or dropped already.", statusCode: StatusCodes.Status409Conflict);
        try
        {
            return await work();
        }
        finally
        {
            command.CommandText = "SELECT pg_advisory_unlock($1)";
            await command.ExecuteScalarAsync(CancellationToken.None);
        }
    }

    [LoggerMessage(LogLevel.Information, "{Replayed} dead letters are replayed; {Lost} could not be")]
    private partial void LogReplayed(int replayed, int lost);

    [LoggerMessage(LogLevel.Warning, "The dead letter {Partition}@{Offset} of {Topic} cannot be replayed: its content was not kept, or its topic is unknown")]
    private partial void LogLost(string topic, int partition, long offset);

    [LoggerMessage(LogLevel.Warning, "The dead letter {Partition}@{Offset} of {Topic} is dropped: {Because}")]
    private partial void LogDropped(string topic, int partition, long offset, string because);
}
