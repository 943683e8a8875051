using System.Globalization;
using StudyTracker.AppHost.Local.Processes;

namespace StudyTracker.AppHost.Local.Infrastructure;

/// <summary>
/// PostgreSQL's data folder: where it is, whose it is, and bringing it into a state in which the server starts.
/// </summary>
internal sealed class PostgresCluster
{
    private const string PidFile = "postmaster.pid";

    private readonly string _scratch;

    private PostgresCluster(string root, string? user)
    {
        (Data, User) = (Path.Combine(root, "data"), user);
        _scratch = Path.Combine(root, "data.new");
    }

    /// <summary>The data folder.</summary>
    public string Data { get; }

    /// <summary>The user that the server runs as; null for the user of this process.</summary>
    public string? User { get; }

    /// <summary>Finds the place for an instance. postgres refuses to run as root, so root hands the folder to another user.</summary>
    public static async Task<PostgresCluster> LocateAsync(InstanceFolder folder, Action<string> say, CancellationToken cancel)
    {
        var root = folder.File("postgres");
        if (!Environment.IsPrivilegedProcess)
        {
            Directory.CreateDirectory(root);
            return new PostgresCluster(root, user: null);
        }

        var user = await UserExistsAsync("postgres", cancel) ? "postgres" : "nobody";
        if (!await IsReachableAsync(folder.FullPath, user, cancel))
        {
            root = Fallback(folder.FullPath);
            say($"The user '{user}', as which PostgreSQL has to run, may not enter this folder: its data goes to {root}.");
        }

        await RunAsync(new ProcessSpec("install", ["-d", "-m", "700", "-o", user, root]), cancel);
        return new PostgresCluster(root, user);
    }

    /// <summary>Removes the data of an instance, wherever it is; its server must have stopped.</summary>
    public static void Delete(InstanceFolder folder)
    {
        DeleteIfThere(folder.File("postgres"));
        DeleteFallback(folder);
    }

    /// <summary>Removes the data of an instance that lies outside of its folder.</summary>
    public static void DeleteFallback(InstanceFolder folder) => DeleteIfThere(Fallback(folder.FullPath));

    /// <summary>The major version that created the data; null when there is none yet.</summary>
    public int? MajorVersion()
    {
        var file = Path.Combine(Data, "PG_VERSION");
        return File.Exists(file) ? int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture) : null;
    }

    /// <summary>Creates the data folder when it is missing; one that was interrupted is begun anew.</summary>
    public async Task CreateAsync(PostgresBinaries binaries, string superuser, string password, bool fsync, CancellationToken cancel)
    {
        if (MajorVersion() is not null)
        {
            return;
        }

        if (Directory.Exists(_scratch))
        {
            Directory.Delete(_scratch, recursive: true);
        }

        // initdb reads the password from a file, which the server's user has to be able to read.
        var passwordFile = _scratch + ".pw";
        InstanceFolder.WritePrivate(passwordFile, password);
        try
        {
            if (User is not null)
            {
                await RunAsync(new ProcessSpec("chown", [User, passwordFile]), cancel);
            }

            List<string> arguments =
                ["-D", _scratch, "-U", superuser, "--pwfile", passwordFile, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8"];
            if (!fsync)
            {
                arguments.Add("--no-sync");
            }

            await RunAsync(new ProcessSpec(binaries.InitDb, arguments) { User = User, WorkingDirectory = "/" }, cancel);
        }
        finally
        {
            File.Delete(passwordFile);
        }

        Directory.Move(_scratch, Data);
    }

    /// <summary>
    /// Clears what a server that was killed left behind: the server itself, when it outlived its host, and its pid file, when
    /// that number belongs to another process by now and would keep the next server from starting.
    /// </summary>
    public async Task RecoverAsync(TimeSpan limit)
    {
        var file = Path.Combine(Data, PidFile);
        if (!File.Exists(file) || !int.TryParse(File.ReadLines(file).FirstOrDefault(), out var pid))
        {
            return;
        }

        var deadline = DateTime.UtcNow + limit;
        var signal = Posix.SigQuit;
        while (IsServer(pid))
        {
            Posix.Signal(pid, signal);
            await Task.Delay(50);
            signal = DateTime.UtcNow > deadline ? Posix.SigKill : Posix.SigQuit;
        }

        File.Delete(file);
    }

    private static void DeleteIfThere(string root)
    {
        if (Directory.Exists(root))
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private bool IsServer(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Contains(Data, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    // Only root gets here, and below /var/lib only root can plant anything.
    private static string Fallback(string folder) => $"/var/lib/studytracker/{Hash(folder)}";

    /// <summary>A short name for a path, the same in every process.</summary>
    private static string Hash(string path) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(path)))[..12];

    private static async Task<bool> UserExistsAsync(string user, CancellationToken cancel) =>
        (await ChildProcess.RunAsync(new ProcessSpec("id", ["-u", user]), cancel)).ExitCode == 0;

    private static async Task<bool> IsReachableAsync(string folder, string user, CancellationToken cancel) =>
        (await ChildProcess.RunAsync(
            new ProcessSpec("test", ["-x", folder]) { User = user, WorkingDirectory = "/" }, cancel)).ExitCode == 0;

    private static async Task RunAsync(ProcessSpec spec, CancellationToken cancel)
    {
        var (exitCode, output) = await ChildProcess.RunAsync(spec, cancel);
        if (exitCode != 0)
        {
            throw new LocalHostException($"{spec.FileName} failed with exit code {exitCode}:\n{output}");
        }
    }
}
