using StudyTracker.Telemetry;

namespace StudyTracker.UnitTests.ServiceDefaults.Telemetry;

public sealed class MachineSocketsTests
{
    private static readonly string[] _tables =
    [
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
        "   0: 0100007F:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0", // listens on 80
        "   1: 0100007F:0050 0100007F:8001 01 00000000:00000000 00:00000000 00000000     0        0 2 1 0 20 4 30 10 -1", // its connection
        "   2: 0100007F:8001 0100007F:0050 01 00000000:00000000 00:00000000 00000000     0        0 3 1 0 20 4 30 10 -1", // the client's
        "   3: 0100007F:8002 0100007F:0050 06 00000000:00000000 03:00000100 00000000     0        0 0 3 0",
        "   4: 0100007F:8002 0100007F:0051 06 00000000:00000000 03:00000100 00000000     0        0 0 3 0", // the same port to another server
        "   5: 0100007F:9000 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4 1 0 100 0 0 10 0", // listens on an ephemeral port
        "   6: 0100007F:9000 0100007F:0052 01 00000000:00000000 00:00000000 00000000     0        0 5 1 0 20 4 30 10 -1",
        "  sl  local_address                         remote_address                        st tx_queue rx_queue",
        "   0: 00000000000000000000000001000000:8003 00000000000000000000000001000000:0050 01 00000000:00000000 00:00000000 00000000     0        0 6 1",
        "",
        "what is this",
        "   9: nonsense:GHIJ 0100007F:0050 01 rest",
    ];

    [Fact]
    public void Ports_are_counted_once_and_those_of_servers_not_at_all() =>
        MachineSockets.Count(_tables, 0x8000, 0x9FFF).ShouldBe(new MachineSockets(PortsInUse: 3, Ports: 0x2000, TimeWait: 2));

    [Fact]
    public void What_is_no_table_counts_nothing() => MachineSockets.Count([], 32_768, 60_999).ShouldBe(new MachineSockets(0, 28_232, 0));
}
