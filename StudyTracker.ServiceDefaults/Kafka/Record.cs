using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Confluent.Kafka;
using StudyTracker.Contracts;

namespace StudyTracker.Kafka;

/// <summary>One consumed record.</summary>
public sealed class Record
{
    private readonly ConsumeResult<byte[], byte[]> _result;
    private string? _key;

    internal Record(ConsumeResult<byte[], byte[]> result, PartitionProgress progress)
    {
        _result = result;
        Progress = progress;
    }

    /// <summary>The topic it came from.</summary>
    public string Topic => _result.Topic;

    /// <summary>The partition it came from.</summary>
    public int Partition => _result.Partition.Value;

    /// <summary>Its offset in the partition.</summary>
    public long Offset => _result.Offset.Value;

    /// <summary>Its key as text; empty when it has none.</summary>
    public string Key => _key ??= _result.Message.Key is { } key ? Encoding.UTF8.GetString(key) : "";

    /// <summary>Its value; empty when it has none.</summary>
    public ReadOnlyMemory<byte> Value => _result.Message.Value;

    /// <summary>How often handling was attempted, this time included.</summary>
    public int Attempt { get; internal set; } = 1;

    /// <summary>How often its handler has put it off with a <see cref="TryLaterException"/>, waits in line not counted.</summary>
    public int Postponements { get; internal set; }

    /// <summary>What its handler wants to find again at the next attempt in this process; null at the first.</summary>
    public object? Kept { get; set; }

    /// <summary>Whether one more failure that nothing explains makes it a dead letter.</summary>
    public bool IsLastAttempt { get; internal set; }

    /// <summary>The trace that it belongs to.</summary>
    public ActivityContext TraceContext =>
        ActivityContext.TryParse(Header(RecordHeaders.TraceParent), null, isRemote: true, out var context) ? context : default;

    /// <summary>Its value as one of the contract records.</summary>
    /// <param name="json">The record's JSON.</param>
    /// <param name="what">What it should be, with its article, such as <c>a trigger</c>.</param>
    /// <exception cref="PoisonException">It is something else.</exception>
    public T Read<T>(JsonTypeInfo<T> json, string what)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(Value.Span, json) ?? throw new PoisonException($"The record is null, not {what}.");
        }
        catch (JsonException error)
        {
            throw new PoisonException($"The record is not {what}.", error);
        }
    }

    internal PartitionProgress Progress { get; }

    /// <summary>What it counts for against the bound by bytes: key and value.</summary>
    internal long Bytes => (_result.Message.Key?.Length ?? 0) + (long)(_result.Message.Value?.Length ?? 0);

    internal bool Finished { get; set; }

    internal Message<byte[], byte[]> Message => _result.Message;

    /// <summary>A header's text; null when the record has no such header.</summary>
    public string? Header(string name) => TryGetHeader(name, out var bytes) ? Encoding.UTF8.GetString(bytes) : null;

    /// <summary>A header's bytes; false when the record has no such header.</summary>
    public bool TryGetHeader(string name, out ReadOnlySpan<byte> value)
    {
        var found = _result.Message.Headers is { } headers && headers.TryGetLastBytes(name, out var bytes) ? bytes : null;
        value = found;
        return found is not null;
    }
}
