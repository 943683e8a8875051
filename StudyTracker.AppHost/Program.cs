using System.CommandLine;
using StudyTracker.AppHost;
using StudyTracker.AppHost.Commands;
using StudyTracker.AppHost.Local;

// Started by an IDE or the aspire CLI: no command of ours, but perhaps Aspire's own arguments, such as --operation publish.
if (AspireHost.IsAvailable && (args.Length == 0 || args[0].StartsWith("--operation", StringComparison.Ordinal)))
    return await AspireHost.RunAsync(args);

// Commands stop in order by themselves; System.CommandLine would end them 2 s after a Ctrl-C.
var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
var root = new RootCommand("StudyTracker: learners write what they studied, and get a summary with feedback.")
{
    UpCommand.Create(),
    DemoCommand.Create(),
    ReplayCommand.Create(),
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
