using System.CommandLine;
using StudyTracker.AppHost.Local;

namespace StudyTracker.AppHost.Commands;

/// <summary><c>up</c>: runs the application until somebody stops it.</summary>
internal static class UpCommand
{
    /// <summary>Describes it.</summary>
    public static Command Create()
    {
        var local = new Option<bool>("--local") { Description = "Run without containers, also where Docker is available." };
        var command = new Command("up", "Run the whole application on this machine.") { local };
        command.SetAction((parsed, _) =>
            AspireHost.IsAvailable && !parsed.GetValue(local) ? AspireHost.RunAsync([]) : RunLocalAsync());
        return command;
    }

    private static async Task<int> RunLocalAsync()
    {
        using var signals = new StopSignals();
        var output = new ConsoleOutput(Console.Out, colour: !Console.IsOutputRedirected, services: true);
        try
        {
            var setup = new LocalHostSetup
            {
                Instance = "up",
                Options = LocalHostOptions.FromEnvironment(),
                Environment = LocalHostSetup.OwnEnvironment(),
            };
            output.Say("Starting StudyTracker on this machine.");
            await using var host = await LocalHost.StartAsync(setup, output, signals.Token);
            StartTable.Write(host, StartTable.ConsoleFor(Console.Out, Console.IsOutputRedirected));
            await Task.Delay(Timeout.Infinite, signals.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            output.Say("Stopping: first what sends, then what stores.");
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            // Stopped while it was starting.
        }

        output.Say("Stopped.");
        return 0;
    }
}
