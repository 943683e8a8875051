using StudyTracker.AppHost.Local;
using StudyTracker.AppHost.Local.Infrastructure;
using StudyTracker.AppHost.Local.Processes;

namespace StudyTracker.UnitTests.AppHost;

public sealed class ProcessTests
{
    [Fact]
    public void A_process_gets_a_session_of_its_own_and_dies_with_its_host() =>
        Launcher.CommandLine(new ProcessSpec("dotnet", ["a.dll"]), "setsid", "setpriv")
            .ShouldBe(["setsid", "setpriv", "--pdeathsig", "KILL", "--", "dotnet", "a.dll"]);

    [Fact]
    public void Postgres_is_run_as_another_user_and_told_to_stop_by_its_own_signal() =>
        Launcher.CommandLine(new ProcessSpec("postgres", []) { User = "postgres", DeathSignal = "QUIT" }, "setsid", "setpriv")
            .ShouldBe(["setsid", "setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups", "--pdeathsig", "QUIT", "--", "postgres"]);

    [Fact]
    public void Without_the_tools_it_is_started_plainly() =>
        Launcher.CommandLine(new ProcessSpec("dotnet", ["a.dll"]), setSid: null, setPriv: null).ShouldBe(["dotnet", "a.dll"]);

    [Fact]
    public void Another_user_without_the_tool_is_refused_with_what_to_install() =>
        Should.Throw<LocalHostException>(
            () => Launcher.CommandLine(new ProcessSpec("postgres", []) { User = "postgres" }, setSid: null, setPriv: null))
            .Message.ShouldContain("util-linux");

    [Theory]
    [InlineData("7f12 r-xp 00000000 08:01 42    /app/runtimes/linux-x64/native/centos8-librdkafka.so")]
    [InlineData("7f12 r-xp 00000000 08:01 42    /app with space/librdkafka.so")]
    public void The_loaded_library_is_found_among_the_mapped_files(string line) =>
        Librdkafka.LoadedPath(["7f10 rw-p 00000000 00:00 0 [heap]", line]).ShouldBe(line[line.IndexOf('/')..]);

    [Fact]
    public void Every_line_on_the_console_begins_with_its_service()
    {
        ConsoleOutput.Prefixed(ServiceNames.Ingress, "hello", colour: false).ShouldBe("[ingress] hello");
        ConsoleOutput.Prefixed(ServiceNames.Ingress, "hello", colour: true).ShouldBe("\e[36m[ingress]\e[0m hello");
    }

    [Fact]
    public void A_log_file_that_is_full_is_put_aside()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        var path = Path.Combine(folder, "a.log");
        using (var log = new OutputLog(path, limitBytes: 10))
        {
            log.Write("0123456789");
            log.Write("next");
            log.LastLines.ShouldBe(["0123456789", "next"]);
        }

        File.ReadAllText(path).ShouldBe("next\n");
        File.ReadAllText(path + ".1").ShouldBe("0123456789\n");
        Directory.Delete(folder, recursive: true);
    }
}
