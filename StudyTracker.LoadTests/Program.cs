using System.CommandLine;
using StudyTracker.AppHost.Local;
using StudyTracker.LoadTests.Benchmarks;
using StudyTracker.LoadTests.Benchmarks.Ingress;

// Commands stop in order by themselves; System.CommandLine would end them 2 s after a Ctrl-C.
var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
var root = new RootCommand("StudyTracker's benchmarks.") { BenchCommand.Create(), BareServer.Create() };
try
{
    return await root.Parse(args).InvokeAsync(configuration);
}
catch (LocalHostException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
