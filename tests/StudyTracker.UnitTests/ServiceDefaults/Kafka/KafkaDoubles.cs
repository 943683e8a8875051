using System.Reflection;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StudyTracker.Kafka;
using Record = StudyTracker.Kafka.Record;

namespace StudyTracker.UnitTests.ServiceDefaults.Kafka;

/// <summary>Records as a consumer would have polled them.</summary>
internal static class Records
{
    public static Record Of(
        long offset = 0, string key = "T1:U1", string value = "{}", int partition = 0, PartitionProgress? progress = null, Headers? headers = null) =>
        new(Result(offset, key, Encoding.UTF8.GetBytes(value), partition, headers), progress ?? new PartitionProgress());

    public static ConsumeResult<byte[], byte[]> Result(long offset, string key, byte[] value, int partition = 0, Headers? headers = null) => new()
    {
        TopicPartitionOffset = new TopicPartitionOffset("topic", partition, offset),
        Message = new Message<byte[], byte[]> { Key = Encoding.UTF8.GetBytes(key), Value = value, Headers = headers ?? [] },
    };

    public static Headers Headers(params (string Name, string Value)[] headers)
    {
        var result = new Headers();
        foreach (var (name, value) in headers) result.Add(name, Encoding.UTF8.GetBytes(value));
        return result;
    }

    /// <summary>A record that its partition's progress knows of.</summary>
    public static Record Added(this PartitionProgress progress, long offset, string key = "T1:U1", string value = "{}")
    {
        var record = Of(offset, key, value, progress: progress);
        progress.Add(record);
        return record;
    }

    public static string? Text(this Headers headers, string name) =>
        headers.TryGetLastBytes(name, out var bytes) ? Encoding.UTF8.GetString(bytes) : null;
}

/// <summary>A producer that keeps what it is given, and acks it unless told otherwise.</summary>
public class FakeProducer : DispatchProxy
{
    private readonly List<(string Topic, Message<byte[], byte[]> Message)> _sent = [];
    private readonly List<Action> _held = [];
    private string _name = "";

    /// <summary>What becomes of a message: return an error, throw, or return null for an ack.</summary>
    public Func<int, Error?> Answer { get; set; } = _ => null;

    public IReadOnlyList<(string Topic, Message<byte[], byte[]> Message)> Sent
    {
        get { lock (_sent) return [.. _sent]; }
    }

    public int Attempts { get; private set; }

    /// <summary>Whether reports wait until <see cref="Report"/> is called.</summary>
    public bool HoldsReports { get; set; }

    public static (IProducer<byte[], byte[]> Producer, FakeProducer Behind) Create(string name = "fake")
    {
        var producer = Create<IProducer<byte[], byte[]>, FakeProducer>();
        var behind = (FakeProducer)(object)producer;
        behind._name = name;
        return (producer, behind);
    }

    /// <summary>A publisher on this producer.</summary>
    internal static (Publisher Publisher, FakeProducer Producer) Publisher(KafkaOptions? options = null)
    {
        var (producer, behind) = Create();
        return (PublisherOf(producer, builder: null, options).Publisher, behind);
    }

    /// <summary>A publisher on a producer, and who builds the next one.</summary>
    internal static (Publisher Publisher, ProducerSource Source) PublisherOf(
        IProducer<byte[], byte[]> producer, ProducerBuilder<byte[], byte[]>? builder, KafkaOptions? options = null)
    {
        var services = new ServiceCollection().AddSingleton(producer).BuildServiceProvider();
        var kafka = Options.Create(options ?? new KafkaOptions());
        var topics = new TopicSetup(new ConfigurationBuilder().Build(), kafka, NullLogger<TopicSetup>.Instance);
        topics.MarkReady();
        var source = new ProducerSource(services, NullLogger<ProducerSource>.Instance);
        if (builder is not null) source.Attach(builder);
        return (new Publisher(source, topics, new PublisherHealth(TimeProvider.System), kafka, NullLogger<Publisher>.Instance), source);
    }

    /// <summary>Brings the reports that wait.</summary>
    public void Report()
    {
        List<Action> reports;
        lock (_sent)
        {
            reports = [.. _held];
            _held.Clear();
        }

        foreach (var report in reports) report();
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name == "get_Name") return _name;
        if (targetMethod.Name is nameof(IProducer<byte[], byte[]>.Flush) or nameof(IDisposable.Dispose)) return null;
        if (targetMethod.Name != nameof(IProducer<byte[], byte[]>.Produce)) throw new NotSupportedException(targetMethod.Name);
        var (topic, message) = ((string)args![0]!, (Message<byte[], byte[]>)args[1]!);
        var error = Answer(++Attempts);
        if (error is null)
        {
            lock (_sent) _sent.Add((topic, message));
        }

        var report = new DeliveryReport<byte[], byte[]> { Error = error ?? new Error(ErrorCode.NoError), Message = message };
        var handler = (Action<DeliveryReport<byte[], byte[]>>)args[2]!;
        if (HoldsReports)
        {
            lock (_sent) _held.Add(() => handler(report));
        }
        else
        {
            handler(report);
        }

        return null;
    }
}
