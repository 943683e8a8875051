using Spectre.Console;

namespace StudyTracker.AppHost.Local;

/// <summary>What runs where, as the start ends with it.</summary>
internal static class StartTable
{
    /// <summary>Prints the table and what to do next.</summary>
    public static void Write(LocalHost host, IAnsiConsole console)
    {
        var table = new Table().NoBorder().AddColumns("service", "address", "log file");
        foreach (var row in Rows(host))
        {
            table.AddRow([.. row.Select(cell => new Text(cell))]);
        }

        console.WriteLine();
        console.Write(table);
        console.WriteLine();
        foreach (var line in Hints(host))
        {
            console.WriteLine(line);
        }
    }

    /// <summary>A console as wide as it takes: a file has no width, and a wrapped path is no path.</summary>
    public static IAnsiConsole ConsoleFor(TextWriter writer, bool redirected)
    {
        if (!redirected)
        {
            return AnsiConsole.Console;
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(writer) });
        console.Profile.Width = 500;
        return console;
    }

    private static IEnumerable<string[]> Rows(LocalHost host)
    {
        foreach (var service in ServiceNames.All.Where(host.Services.ContainsKey).Select(name => host.Services[name]))
        {
            yield return [service.Name, Address(service), Short(service.LogPath)];
        }

        yield return ["kafka", host.Kafka is null ? $"external: {host.KafkaServers}" : $"{host.KafkaServers} (in memory)", ""];
        yield return host.Postgres is { } postgres
            ? ["postgres", $"127.0.0.1:{postgres.Port}", Short(postgres.LogPath)]
            : ["postgres", "external", ""];
        yield return host.Redis is { } redis
            ? ["redis", $"127.0.0.1:{redis.Port}", Short(redis.LogPath)]
            : ["redis", "external", ""];
    }

    private static IEnumerable<string> Hints(LocalHost host)
    {
        if (host.Postgres is { } postgres)
        {
            yield return $"Look at the data:   {postgres.PsqlCommand}";
        }

        if (host.Services.TryGetValue(ServiceNames.Ingress, out var ingress))
        {
            yield return $"Ask for summaries:  curl -X POST {new Uri(ingress.Url, "/scheduler/trigger")} "
                + $"-H \"X-Api-Key: $(cat {Short(host.Folder.File(InstanceFolder.OperatorKey))})\" -H 'Content-Type: application/json' -d '{{\"kind\":\"daily\"}}'";
        }

        yield return "";
        yield return $"Open {host.FirstPage} and begin there. Ctrl-C stops everything.";
    }

    private static string Address(ServiceProcess service) =>
        service.Url == service.ManagementUrl ? Trimmed(service.Url) : $"{Trimmed(service.Url)} (operator: {Trimmed(service.ManagementUrl)})";

    private static string Trimmed(Uri url) => url.ToString().TrimEnd('/');

    private static string Short(string path) => Path.GetRelativePath(Environment.CurrentDirectory, path);
}
