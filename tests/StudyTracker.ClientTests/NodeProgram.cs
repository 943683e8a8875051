using System.ComponentModel;
using System.Diagnostics;
using StudyTracker.AppHost.Local;

namespace StudyTracker.ClientTests;

/// <summary>Node and npm, as this machine has them, and the packages of <c>node/</c>.</summary>
internal static class NodeProgram
{
    private const int OldestVersion = 20;
    private static readonly TimeSpan _installLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan _testLimit = TimeSpan.FromSeconds(60);

    /// <summary>Where the tests and their packages are.</summary>
    public static string Folder { get; } = Path.Combine(ServicePaths.Repository(AppContext.BaseDirectory), "tests", "StudyTracker.ClientTests", "node");

    /// <summary>Installs the packages of the lock file, unless they are.</summary>
    public static async Task InstallAsync()
    {
        var (_, version) = await RunAsync("node", ["--version"], [], _testLimit);
        if (!int.TryParse(version.Trim().TrimStart('v').Split('.')[0], out var major) || major < OldestVersion)
            throw new InvalidOperationException($"Node {OldestVersion} or newer is needed; this machine has {version.Trim()}.");

        var (wanted, installed) = (Path.Combine(Folder, "package-lock.json"), Path.Combine(Folder, "node_modules", ".installed-lock.json"));
        if (File.Exists(installed) && await File.ReadAllTextAsync(installed) == await File.ReadAllTextAsync(wanted)) return;
        var (code, output) = await RunAsync("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"], [], _installLimit);
        if (code != 0) throw new InvalidOperationException($"npm ci ended with {code} in {Folder}:\n{output}");
        // Written last: what was left half done is done anew.
        File.Copy(wanted, installed, overwrite: true);
    }

    /// <summary>Runs one file of tests; returns Node's exit code, all it said, and its report in JUnit's form.</summary>
    public static async Task<(int Code, string Output, string Report)> TestAsync(string file, Dictionary<string, string> environment)
    {
        var report = Path.GetTempFileName();
        try
        {
            string[] arguments =
            [
                "--test", "--test-reporter=spec", "--test-reporter-destination=stdout", "--test-reporter=junit", $"--test-reporter-destination={report}", file,
            ];
            var (code, output) = await RunAsync("node", arguments, environment, _testLimit);
            return (code, output, await File.ReadAllTextAsync(report));
        }
        finally
        {
            File.Delete(report);
        }
    }

    private static async Task<(int Code, string Output)> RunAsync(
        string program, IEnumerable<string> arguments, Dictionary<string, string> environment, TimeSpan limit)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Start(start);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            patience.CancelAfter(limit);
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return (-1, $"{await output}{await errors}\n{program} was not done after {limit.TotalSeconds:0} s and was ended.");
        }

        return (process.ExitCode, $"{await output}{await errors}");
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new InvalidOperationException($"'{start.FileName}' was not found: these tests need Node {OldestVersion} or newer and npm (apt-get install nodejs npm).");
        }
    }
}
