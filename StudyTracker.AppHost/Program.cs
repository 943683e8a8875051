using System.CommandLine;
using StudyTracker.AppHost.Commands;
using StudyTracker.AppHost.Local;

// Commands stop in order by themselves; System.CommandLine would end them 2 s after a Ctrl-C.
var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
var root = new RootCommand("StudyTracker: learners write what they studied, and get a summary with feedback.")
{
    UpCommand.Create(),
    DemoCommand.Create(),
};
try
{
    return await root.Parse(args).InvokeAsync(configuration);
}
catch (LocalHostException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
