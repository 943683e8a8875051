using System.CommandLine;
using System.Globalization;
using StudyTracker.AppHost.Local;
using StudyTracker.LoadTests.Running;

namespace StudyTracker.LoadTests.Commands;

/// <summary><c>load</c>: replays scenarios, and says whether they went as they should.</summary>
internal static class LoadCommand
{
    private const int Interrupted = 130;

    /// <summary>Describes it.</summary>
    public static Command Create()
    {
        var names = new Argument<string[]>("scenario") { Description = "SC1, SC1b, SC2, SC3, SC3-429, SC4 or all", Arity = ArgumentArity.OneOrMore };
        var speed = Text("--speed", "How much faster than the clock: 10 plays ten minutes in one.");
        var scale = Text("--scale", "Users in relation to the scenario's.");
        var target = Text("--target", "Address of a system that runs elsewhere; its signing secret is Slack__SigningSecret.");
        var kill = Text("--kill", "Services to kill with -9 on the way, such as summarizer@0.5 for the middle.");
        var engine = Text("--engine", "own, or nbomber where this build has it.");
        var sets = new Option<string[]>("--set") { Description = "key=value: an option of the load, or with a colon, such as Kafka:LingerMs=5, of the services.", AllowMultipleArgumentsPerToken = true };
        var command = new Command("load", "Replay the report's scenarios, count everything, and compare.") { names, speed, scale, target, kill, engine, sets };
        command.SetAction((parsed, _) =>
        {
            List<string> all = [.. parsed.GetValue(sets) ?? []];
            foreach (var option in new[] { speed, scale, target, kill, engine })
            {
                if (parsed.GetValue(option) is { } value) all.Add($"{option.Name[2..]}={value}");
            }

            var line = string.Join(' ', parsed.Tokens.Select(token => token.Value));
            return RunAsync(parsed.GetValue(names)!, all, $"./study {line}");
        });
        return command;
    }

    private static Option<string?> Text(string name, string description) => new(name) { Description = description };

    private static async Task<int> RunAsync(IReadOnlyList<string> names, IReadOnlyList<string> sets, string command)
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var output = new RunOutput(Console.Out, isTerminal: !Console.IsOutputRedirected);
        using var signals = new StopSignals();
        try
        {
            var session = new LoadSession(LoadSettings.Read(sets), command, output);
            return await session.RunAsync(names, signals.Token) ? 0 : 1;
        }
        catch (LoadException error)
        {
            output.Say(error.Message);
            return 1;
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            output.Say("Stopped.");
            return Interrupted;
        }
    }
}
