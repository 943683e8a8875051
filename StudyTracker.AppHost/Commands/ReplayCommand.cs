using System.CommandLine;
using StudyTracker.AppHost.Local;
using StudyTracker.AppHost.Operations;

namespace StudyTracker.AppHost.Commands;

/// <summary><c>replay</c>: shows what was given up, sends it on its way again, or gives it up for good.</summary>
internal static class ReplayCommand
{
    private const string KeyVariable = "Operations__ApiKey";

    /// <summary>Describes it.</summary>
    public static Command Create()
    {
        var id = new Option<string?>("--id") { Description = "One parked summary, or one dead letter." };
        var reason = new Option<string?>("--reason") { Description = "Those that were given up for this reason." };
        var topic = new Option<string?>("--topic") { Description = "The dead letters that came from this topic." };
        var all = new Option<bool>("--all") { Description = "All of them." };
        var letters = new Option<bool>("--dead-letters") { Description = "The records that a stage could not process, instead of parked summaries." };
        var drop = new Option<string?>("--drop") { Description = "Give them up for good instead, and say why." };
        var url = new Option<Uri?>("--url") { Description = $"The Notifier's address, when it does not run here; its key is read from {KeyVariable}." };
        var instance = new Option<string>("--instance") { Description = "Which instance that runs here.", DefaultValueFactory = _ => "up" };
        var command = new Command("replay", "Send parked summaries and dead letters on their way again; without options, show them.")
        {
            id, reason, topic, all, letters, drop, url, instance,
        };
        command.Validators.Add(parsed =>
        {
            var what = new GivenUp(parsed.GetValue(letters), parsed.GetValue(all), parsed.GetValue(id), parsed.GetValue(reason), parsed.GetValue(topic));
            if (what.Problem() is { } problem) parsed.AddError(problem);
            else if (parsed.GetValue(drop) is not null && what.IsNothing) parsed.AddError("--drop needs what: --id, --reason or --all; of dead letters also --topic.");
        });
        command.SetAction(async (parsed, cancel) =>
        {
            using var notifier = Connect(parsed.GetValue(url), parsed.GetValue(instance)!);
            var what = new GivenUp(parsed.GetValue(letters), parsed.GetValue(all), parsed.GetValue(id), parsed.GetValue(reason), parsed.GetValue(topic));
            var said = parsed.GetValue(drop) is { } why ? await notifier.DropAsync(what, why, cancel)
                : what.IsNothing ? await notifier.ShowAsync(what.DeadLetters, cancel)
                : await notifier.ReplayAsync(what, cancel);
            foreach (var line in said) Console.WriteLine(line);
            return 0;
        });
        return command;
    }

    private static NotifierClient Connect(Uri? url, string instance)
    {
        if (url is not null)
        {
            return new NotifierClient(url, Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } key
                ? key
                : throw new LocalHostException($"Set {KeyVariable} to the operators' key of {url}."));
        }

        var (found, ownKey) = InstanceFolder.Find(ServicePaths.Repository(AppContext.BaseDirectory), instance, ServiceNames.Notifier)
            ?? throw new LocalHostException(
                $"'{instance}' does not run in this folder. Start it with ./study up, or name a Notifier with --url and its key in {KeyVariable}.");
        return new NotifierClient(found, ownKey);
    }
}
