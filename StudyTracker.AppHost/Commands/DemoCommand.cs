using System.CommandLine;
using System.Diagnostics;
using StudyTracker.AppHost.Demo;
using StudyTracker.AppHost.Local;

namespace StudyTracker.AppHost.Commands;

/// <summary><c>demo</c>: plays one day and checks that everything sent is accounted for.</summary>
internal static class DemoCommand
{
    private const int Interrupted = 130;

    /// <summary>Describes it.</summary>
    public static Command Create()
    {
        var command = new Command("demo", "Play one day of six learners and check that everything adds up.");
        command.SetAction((_, _) => RunAsync());
        return command;
    }

    private static async Task<int> RunAsync()
    {
        var started = Stopwatch.GetTimestamp();
        using var signals = new StopSignals();
        var output = new ConsoleOutput(Console.Out, colour: !Console.IsOutputRedirected, services: false);
        try
        {
            output.Say("Starting StudyTracker with an empty database.");
            await using var host = await LocalHost.StartAsync(Setup(), output, signals.Token);
            using var demo = new DemoRun(host, output);
            var addsUp = await demo.PlayAsync(signals.Token);
            output.Say($"The demo took {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s; its logs are in {host.Folder.Logs}.");
            return addsUp ? 0 : 1;
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            output.Say("Stopped.");
            return Interrupted;
        }
    }

    private static LocalHostSetup Setup() => new()
    {
        Instance = "demo",
        Fresh = true,
        Temporary = true,
        Options = LocalHostOptions.FromEnvironment(),
        Settings = new Dictionary<string, string>
        {
            // A service that is killed holds what it was working on for as long as a call may take, and a little. The
            // stand-ins are quick, so nobody has to watch a minute of that.
            ["OpenAI__TimeoutSeconds"] = "3",
            ["OpenAI__PostponeSeconds"] = "2",
            ["Slack__TimeoutSeconds"] = "3",
            ["Notifier__LeaseSeconds"] = "5",
        },
    };
}
