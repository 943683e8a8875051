using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Options;
using StudyTracker.Contracts;
using StudyTracker.Kafka;

namespace StudyTracker.Notifier.DeadLetters;

/// <summary>A record that a stage gave up.</summary>
/// <param name="Partition">Its partition in the topic of dead letters.</param>
/// <param name="Offset">Its offset there.</param>
/// <param name="Topic">The topic it came from.</param>
/// <param name="Stage">The stage that gave it up.</param>
/// <param name="Reason">Why.</param>
/// <param name="Attempts">After how many attempts.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="DeadSince">When it was given up.</param>
internal sealed record DeadLetter(
    int Partition, long Offset, string Topic, string Stage, string Reason, int Attempts, int Bytes, DateTimeOffset DeadSince)
{
    /// <summary>What an operator calls it.</summary>
    public string Id => string.Create(CultureInfo.InvariantCulture, $"{Partition}@{Offset}");
}

/// <summary>What becomes of a dead letter that was handed out.</summary>
internal enum Dealt
{
    /// <summary>Nothing: it waits on.</summary>
    No,

    /// <summary>It is not handed out again.</summary>
    Yes,

    /// <summary>It has been dealt with before, while earlier ones wait on.</summary>
    Before,
}

/// <summary>
/// Reads the dead letters in the order in which they came, partition by partition. The offsets of the group
/// <see cref="ConsumerGroups.Replay"/> tell up to where all have been dealt with, and <see cref="DealtLetters"/> which of the
/// later ones; nobody else is in that group.
/// </summary>
internal sealed class DeadLetterTopic(IConfiguration configuration, IOptions<KafkaOptions> options, DealtLetters dealt)
{
    // A crash may have so many handled again; whoever reads them recognises what it has done already.
    private const int CommitEvery = 100;

    private static readonly TimeSpan _answerTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    /// <summary>Hands every dead letter that nobody has dealt with to <paramref name="see"/>, until that answers false.</summary>
    public Task LookAsync(Func<DeadLetter, bool> see, CancellationToken cancellationToken) => ReadAsync(
        commit: false, (_, letter) => Task.FromResult<Dealt?>(see(letter) ? Dealt.No : null), cancellationToken);

    /// <summary>
    /// Hands every dead letter that nobody has dealt with and was there when it began to <paramref name="handle"/>; those that it has
    /// dealt with are not handed out again.
    /// </summary>
    public Task HandleAsync(Func<ConsumeResult<byte[], byte[]>, DeadLetter, Task<bool>> handle, CancellationToken cancellationToken) => ReadAsync(
        commit: true, async (result, letter) => await handle(result, letter) ? Dealt.Yes : Dealt.No, cancellationToken);

    private async Task ReadAsync(
        bool commit, Func<ConsumeResult<byte[], byte[]>, DeadLetter, Task<Dealt?>> handle, CancellationToken cancellationToken)
    {
        using var consumer = Consumer();
        foreach (var part in await Task.Run(() => Partitions(consumer), cancellationToken))
        {
            if (part.From >= part.Until) continue;
            var before = await dealt.OfAsync(part.Partition.Partition.Value, cancellationToken);
            if (!await ReadAsync(consumer, part, commit, HandleAsync, cancellationToken)) return;

            async Task<Dealt?> HandleAsync(ConsumeResult<byte[], byte[]> result, bool allBefore)
            {
                var letter = Describe(result);
                if (before.Contains((letter.Offset, letter.DeadSince))) return Dealt.Before;
                var answer = await handle(result, letter);
                // The group's offset tells of it, unless an earlier one waits on.
                if (answer == Dealt.Yes && !allBefore) await dealt.AddAsync(letter, CancellationToken.None);
                return answer;
            }
        }
    }

    /// <summary>What the headers say of a dead letter.</summary>
    public static DeadLetter Describe(ConsumeResult<byte[], byte[]> result) => new(
        result.Partition.Value,
        result.Offset.Value,
        Header(result, RecordHeaders.SourceTopic),
        Header(result, RecordHeaders.SourceGroup),
        Header(result, RecordHeaders.Error),
        int.TryParse(Header(result, RecordHeaders.Attempts), NumberStyles.None, CultureInfo.InvariantCulture, out var attempts) ? attempts : 0,
        result.Message.Value?.Length ?? 0,
        new DateTimeOffset(result.Message.Timestamp.UtcDateTime, TimeSpan.Zero));

    private async Task<bool> ReadAsync(
        IConsumer<byte[], byte[]> consumer,
        (TopicPartition Partition, long From, long Until) part,
        bool commit,
        Func<ConsumeResult<byte[], byte[]>, bool, Task<Dealt?>> handle,
        CancellationToken cancellationToken)
    {
        consumer.Assign(new TopicPartitionOffset(part.Partition, part.From));
        // Up to where all have been dealt with, and up to where that is committed.
        var (next, dealtUntil, committed) = (part.From, part.From, part.From);
        try
        {
            while (next < part.Until)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var result = await Task.Run(() => consumer.Consume(_patience), cancellationToken)
                    ?? throw new TimeoutException($"Kafka did not hand out {part.Partition} from offset {next} in time.");
                if (result.Offset.Value >= part.Until) return true;
                var allBefore = dealtUntil == next;
                if (await handle(result, allBefore) is not { } answer) return false;
                next = result.Offset.Value + 1;
                if (allBefore && answer != Dealt.No) dealtUntil = next;
                if (dealtUntil - committed >= CommitEvery) await CommitAsync();
            }

            return true;
        }
        finally
        {
            await CommitAsync();
        }

        async Task CommitAsync()
        {
            if (!commit || dealtUntil == committed) return;
            consumer.Commit([new TopicPartitionOffset(part.Partition, committed = dealtUntil)]);
            await dealt.ForgetAsync(part.Partition.Partition.Value, committed, CancellationToken.None);
        }
    }

    private static List<(TopicPartition Partition, long From, long Until)> Partitions(IConsumer<byte[], byte[]> consumer)
    {
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var count = admin.GetMetadata(Topics.DeadLetters, _answerTimeout).Topics.Single().Partitions.Count;
        var partitions = Enumerable.Range(0, count).Select(number => new TopicPartition(Topics.DeadLetters, number)).ToList();
        var committed = consumer.Committed(partitions, _answerTimeout).ToDictionary(one => one.TopicPartition, one => one.Offset);
        return [.. partitions.Select(partition =>
        {
            var ends = consumer.QueryWatermarkOffsets(partition, _answerTimeout);
            var from = committed[partition] is { IsSpecial: false } offset ? Math.Max(offset.Value, ends.Low.Value) : ends.Low.Value;
            return (partition, from, ends.High.Value);
        })];
    }

    private static string Header(ConsumeResult<byte[], byte[]> result, string name) =>
        result.Message.Headers is { } headers && headers.TryGetLastBytes(name, out var bytes) && bytes is not null
            ? Encoding.UTF8.GetString(bytes)
            : "";

    // Assigned by hand: it joins no group, so that it waits for nobody.
    private IConsumer<byte[], byte[]> Consumer() => new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
    {
        BootstrapServers = configuration.GetConnectionString(KafkaOptions.ConnectionName),
        GroupId = ConsumerGroups.Replay,
        EnableAutoCommit = false,
        EnableAutoOffsetStore = false,
        AutoOffsetReset = AutoOffsetReset.Earliest,
        FetchWaitMaxMs = options.Value.FetchWaitMaxMs,
        MessageMaxBytes = options.Value.MaxRecordBytes,
        FetchMaxBytes = Math.Max(options.Value.MaxRecordBytes, 16 * 1024 * 1024),
        ReconnectBackoffMaxMs = 1_000,
        AllowAutoCreateTopics = false,
    })
        .SetLogHandler((_, _) => { })
        .SetErrorHandler((_, _) => { })
        .Build();
}
