using Confluent.Kafka;
using Npgsql;
using StudyTracker.Contracts;
using StudyTracker.Kafka;

namespace StudyTracker.Notifier.DeadLetters;

/// <summary>The dead letters of all stages that nobody has dealt with yet.</summary>
/// <param name="Count">How many there are; at most as many as are looked at.</param>
/// <param name="ByTopic">How many by the topic they came from.</param>
/// <param name="Groups">The same by topic and reason, the most frequent first; at most 50.</param>
/// <param name="Items">The first of them.</param>
internal sealed record DeadLetterList(
    int Count, IReadOnlyDictionary<string, int> ByTopic, IReadOnlyList<DeadLetterGroup> Groups, IReadOnlyList<DeadLetter> Items);

/// <summary>Dead letters that died of the same.</summary>
/// <param name="Topic">The topic they came from.</param>
/// <param name="Stage">The stage that gave them up.</param>
/// <param name="Reason">Why.</param>
/// <param name="Count">How many.</param>
/// <param name="OldestSeconds">For how long the oldest has been dead.</param>
internal sealed record DeadLetterGroup(string Topic, string Stage, string Reason, int Count, double OldestSeconds);

/// <summary>Which dead letters: all that fit what is given.</summary>
/// <param name="Id">One, such as <c>3@17</c>.</param>
/// <param name="Topic">Those that came from a topic.</param>
/// <param name="Reason">Those that died of a reason, in its whole length.</param>
internal sealed record DeadLetterFilter(string? Id, string? Topic, string? Reason)
{
    /// <summary>Whether nothing is given.</summary>
    public bool IsEmpty => Id is null && Topic is null && Reason is null;

    public bool Fits(DeadLetter letter) =>
        (Id is null || letter.Id == Id) && (Topic is null || letter.Topic == Topic) && (Reason is null || letter.Reason == Reason);
}

/// <summary>What operators see and do about dead letters.</summary>
internal sealed partial class DeadLettersEndpoint(
    DeadLetterTopic topic, Publisher publisher, NpgsqlDataSource database, TimeProvider time, ILogger<DeadLettersEndpoint> logger)
{
    private const int MaxLooked = 10_000;
    private const int MaxListed = 200;
    private const int MaxGroups = 50;
    private const int MaxReasonLength = 200;
    private const long LockKey = 0x5374_7564_7952_6570; // any number, the same in every replica

    // These say how it died. Without them it starts anew.
    private static readonly string[] _ofItsDeath =
    [
        RecordHeaders.SourceTopic, RecordHeaders.SourcePartition, RecordHeaders.SourceOffset, RecordHeaders.SourceGroup,
        RecordHeaders.Error, RecordHeaders.Attempts,
    ];

    public async Task<IResult> ListAsync(DeadLetterFilter which, CancellationToken cancellationToken)
    {
        var (letters, groups) = (new List<DeadLetter>(), new Dictionary<(string, string, string), (int Count, DateTimeOffset Oldest)>());
        var looked = 0;
        await topic.LookAsync(
            letter =>
            {
                if (which.Fits(letter))
                {
                    var key = (letter.Topic, letter.Stage, letter.Reason);
                    var (count, oldest) = groups.GetValueOrDefault(key, (0, letter.DeadSince));
                    groups[key] = (count + 1, letter.DeadSince < oldest ? letter.DeadSince : oldest);
                    if (letters.Count < MaxListed) letters.Add(letter);
                }

                return ++looked < MaxLooked;
            },
            cancellationToken);
        var now = time.GetUtcNow();
        return Results.Ok(new DeadLetterList(
            groups.Values.Sum(group => group.Count),
            groups.GroupBy(group => group.Key.Item1).ToDictionary(one => one.Key, one => one.Sum(group => group.Value.Count)),
            [.. groups.OrderByDescending(group => group.Value.Count).Take(MaxGroups).Select(group => new DeadLetterGroup(
                group.Key.Item1, group.Key.Item2, group.Key.Item3, group.Value.Count, Math.Max(0, (now - group.Value.Oldest).TotalSeconds)))],
            letters));
    }

    /// <summary>
    /// Publishes dead letters again, as they were, under their key to where they came from: those that fit, or all. One that was
    /// replayed is not replayed again; one that dies again is a new dead letter.
    /// </summary>
    public Task<IResult> ReplayAsync(DeadLetterFilter which, CancellationToken cancellationToken) => AloneAsync(
        async () =>
        {
            var (replayed, lost) = (0, 0);
            await topic.HandleAsync(
                async (result, letter) =>
                {
                    if (!which.Fits(letter)) return false;
                    if (await PublishAsync(result, letter, cancellationToken)) replayed++;
                    else lost++;
                    return true;
                },
                cancellationToken);
            LogReplayed(replayed, lost);
            return Results.Ok(new { replayed, lost });
        },
        cancellationToken);

    /// <summary>Deals with dead letters by doing nothing about them: those that fit, or all.</summary>
    public async Task<IResult> DropAsync(DeadLetterFilter which, bool? all, string? because, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(because) || because.Length > MaxReasonLength)
            return Results.Problem($"Say why in 'because', in at most {MaxReasonLength} characters.", statusCode: StatusCodes.Status400BadRequest);
        if (which.IsEmpty && all != true)
            return Results.Problem("Name what to drop: id, topic, reason, or all=true.", statusCode: StatusCodes.Status400BadRequest);
        return await AloneAsync(
            async () =>
            {
                var dropped = 0;
                await topic.HandleAsync(
                    (_, letter) =>
                    {
                        if (!which.Fits(letter)) return Task.FromResult(false);
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
    private async Task<bool> PublishAsync(ConsumeResult<byte[], byte[]> result, DeadLetter letter, CancellationToken cancellationToken)
    {
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
