using System.CommandLine;
using StudyTracker.AppHost.Local;
using StudyTracker.LoadTests;
using StudyTracker.LoadTests.Benchmarks;
using StudyTracker.LoadTests.Commands;

// Commands stop in order by themselves; System.CommandLine would end them 2 s after a Ctrl-C.
var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
var root = new RootCommand("StudyTracker's load tests and benchmarks.")
{
    LoadCommand.Create(),
    CompareCommand.Create(),
    CalibrateCommand.Create(),
    CalibrateCommand.CreateServer(),
    BenchCommand.Create(),
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
