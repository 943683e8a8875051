using System.CommandLine;
using StudyTracker.AppHost.Local;
using StudyTracker.LoadTests;
using StudyTracker.LoadTests.Benchmarks;
using StudyTracker.LoadTests.Benchmarks.Ingress;
using StudyTracker.LoadTests.Commands;
using StudyTracker.LoadTests.Targets;

// A continuation runs on the thread that saw its socket become ready, instead of being handed to the thread pool: half as much again
// for a generator. Read by .NET when the first socket is used; services that are started do not inherit it.
if (args is ["load" or "calibrate", ..]) Environment.SetEnvironmentVariable(OwnHost.InlineCompletions, "1");

// Commands stop in order by themselves; System.CommandLine would end them 2 s after a Ctrl-C.
var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
var root = new RootCommand("StudyTracker's load tests and benchmarks.")
{
    LoadCommand.Create(),
    CompareCommand.Create(),
    CalibrateCommand.Create(),
    CalibrateCommand.CreateServer(),
    BenchCommand.Create(),
    BareServer.Create(),
};
try
{
    return await root.Parse(args).InvokeAsync(configuration);
}
catch (Exception e) when (e is LocalHostException or LoadException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
