using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace StudyTracker.AppHost.Local.Infrastructure;

/// <summary>
/// The part of librdkafka's C interface that Confluent.Kafka does not offer: the mock cluster (rdkafka_mock.h). It is
/// experimental there, so the version of librdkafka.redist is pinned.
/// </summary>
internal static partial class Librdkafka
{
    private const string Name = "librdkafka";

    static Librdkafka() => NativeLibrary.SetDllImportResolver(typeof(Librdkafka).Assembly, Resolve);

    /// <summary>Makes sure that the resolver is in place before the first call.</summary>
    public static void Load() => RuntimeHelpers.RunClassConstructor(typeof(Librdkafka).TypeHandle);

    // The package carries several builds of the library and Confluent.Kafka loads the one that works on this machine: on
    // Debian that is centos8-librdkafka.so, because the default one wants libsasl2.so.3. Take the very file it has loaded.
    private static nint Resolve(string name, System.Reflection.Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Name)
        {
            return 0;
        }

        if (!Library.IsLoaded)
        {
            Library.Load();
        }

        return NativeLibrary.Load(
            LoadedPath(File.ReadLines("/proc/self/maps"))
            ?? throw new LocalHostException("librdkafka is loaded, but /proc/self/maps does not say from where."));
    }

    /// <summary>The path of the loaded library, from the lines of /proc/self/maps.</summary>
    internal static string? LoadedPath(IEnumerable<string> maps) =>
        maps.Where(line => line.EndsWith("librdkafka.so", StringComparison.Ordinal) && line.Contains('/'))
            .Select(line => line[line.IndexOf('/')..])
            .FirstOrDefault();

    [LibraryImport(Name)]
    public static partial nint rd_kafka_conf_new();

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int rd_kafka_conf_set(nint conf, string name, string value, nint error, nuint errorSize);

    /// <summary>Type 0 is a producer. Takes over the configuration.</summary>
    [LibraryImport(Name)]
    public static partial nint rd_kafka_new(int type, nint conf, nint error, nuint errorSize);

    [LibraryImport(Name)]
    public static partial void rd_kafka_destroy(nint handle);

    [LibraryImport(Name)]
    public static partial nint rd_kafka_mock_cluster_new(nint handle, int brokers);

    [LibraryImport(Name)]
    public static partial void rd_kafka_mock_cluster_destroy(nint cluster);

    [LibraryImport(Name)]
    public static partial nint rd_kafka_mock_cluster_bootstraps(nint cluster);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int rd_kafka_mock_topic_create(nint cluster, string topic, int partitions, int replicas);

    [LibraryImport(Name)]
    public static partial void rd_kafka_mock_group_initial_rebalance_delay_ms(nint cluster, int delayMs);

    [LibraryImport(Name)]
    public static partial int rd_kafka_mock_broker_set_down(nint cluster, int broker);

    [LibraryImport(Name)]
    public static partial int rd_kafka_mock_broker_set_up(nint cluster, int broker);

    [LibraryImport(Name)]
    public static partial int rd_kafka_mock_broker_set_rtt(nint cluster, int broker, int rttMs);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int rd_kafka_mock_partition_delete_records(nint cluster, string topic, int partition, long beforeOffset);

    [LibraryImport(Name)]
    public static partial void rd_kafka_mock_push_request_errors_array(nint cluster, short apiKey, nuint count, [In] int[] errors);

    [LibraryImport(Name)]
    public static partial void rd_kafka_mock_clear_request_errors(nint cluster, short apiKey);
}
