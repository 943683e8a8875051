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
        var id = new Option<Guid?>("--id") { Description = "One parked summary." };
        var reason = new Option<string?>("--reason") { Description = "Those that are parked for this reason." };
        var all = new Option<bool>("--all") { Description = "All that are parked." };
        var letters = new Option<bool>("--dead-letters") { Description = "The records that a stage could not process, of every topic." };
        var drop = new Option<string?>("--drop") { Description = "Give them up for good instead, and say why." };
        var url = new Option<Uri?>("--url") { Description = $"The Notifier's address, when it does not run here; its key is read from {KeyVariable}." };
        var instance = new Option<string>("--instance") { Description = "Which instance that runs here.", DefaultValueFactory = _ => "up" };
        var command = new Command("replay", "Send parked summaries and dead letters on their way again; without options, show them.")
        {
            id, reason, all, letters, drop, url, instance,
        };
        command.Validators.Add(parsed =>
        {
            var named = new[] { parsed.GetValue(id) is not null, parsed.GetValue(reason) is not null, parsed.GetValue(all), parsed.GetValue(letters) };
            if (named.Count(one => one) > 1) parsed.AddError("Name one: --id, --reason, --all or --dead-letters.");
            if (parsed.GetValue(drop) is not null && !named.Contains(true)) parsed.AddError("--drop needs what: --id, --reason, --all or --dead-letters.");
        });
        command.SetAction(async (parsed, cancel) =>
        {
            using var notifier = Connect(parsed.GetValue(url), parsed.GetValue(instance)!);
            var what = new GivenUp(parsed.GetValue(id), parsed.GetValue(reason), parsed.GetValue(all), parsed.GetValue(letters));
            var said = parsed.GetValue(drop) is { } why ? await notifier.DropAsync(what, why, cancel)
                : what.IsNothing ? await notifier.ShowAsync(cancel)
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
