using System.Security.Cryptography;
using System.Text.RegularExpressions;
using StudyTracker.AppHost.Local.Processes;

namespace StudyTracker.AppHost.Local;

/// <summary>
/// Where an instance keeps its data, logs and secrets: <c>.studytracker/&lt;instance&gt;</c> below the repository root.
/// One process at a time can hold it.
/// </summary>
public sealed partial class InstanceFolder : IDisposable
{
    /// <summary>The secret that operators send as X-Api-Key.</summary>
    public const string OperatorKey = "operator-key";

    private readonly InstanceLock _lock;

    private InstanceFolder(string name, string path, InstanceLock held)
    {
        (Name, FullPath, _lock) = (name, path, held);
        Logs = Directory.CreateDirectory(File("logs")).FullName;
        FailPoints = Directory.CreateDirectory(File("failpoints")).FullName;
    }

    /// <summary>Name of the instance.</summary>
    public string Name { get; }

    /// <summary>Where it is.</summary>
    public string FullPath { get; }

    /// <summary>Where the log files are.</summary>
    public string Logs { get; }

    /// <summary>Where tests arm fail points, by creating a file.</summary>
    public string FailPoints { get; }

    /// <summary>Opens the folder of an instance for this process alone, creating it when it is missing.</summary>
    /// <param name="repository">The repository root.</param>
    /// <param name="name">Name of the instance: lower-case letters, digits and hyphens.</param>
    /// <param name="fresh">Whether to empty it first.</param>
    /// <exception cref="LocalHostException">Another process holds it.</exception>
    public static InstanceFolder Open(string repository, string name, bool fresh = false)
    {
        if (!NamePattern().IsMatch(name))
        {
            throw new ArgumentException("An instance is named by lower-case letters, digits and hyphens.", nameof(name));
        }

        var path = Directory.CreateDirectory(Path.Combine(repository, ".studytracker", name)).FullName;
        var held = InstanceLock.Acquire(path, name);
        try
        {
            if (fresh)
            {
                Empty(path);
            }

            return new InstanceFolder(name, path, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Path of a file or folder in it.</summary>
    public string File(string name) => Path.Combine(FullPath, name);

    /// <summary>A secret that is made up when it is first asked for and kept in a file only its owner can read.</summary>
    public string Secret(string name)
    {
        var file = File(name);
        if (!System.IO.File.Exists(file))
        {
            WritePrivate(file, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
        }

        return System.IO.File.ReadAllText(file).Trim();
    }

    /// <summary>Tells others who holds the folder, where to look at it, and where each service answers its operator.</summary>
    public void Announce(string url, IReadOnlyDictionary<string, string> services) => _lock.Announce(url, services);

    /// <summary>Where a service of a running instance answers its operator, and the operators' key; null when it does not run.</summary>
    public static (Uri Url, string Key)? Find(string repository, string name, string service)
    {
        var path = Path.Combine(repository, ".studytracker", name);
        var key = Path.Combine(path, OperatorKey);
        return System.IO.File.Exists(key)
            && InstanceLock.Holder(path) is { } holder && Posix.Exists(holder.Pid)
            && holder.Services?.GetValueOrDefault(service) is { } url
                ? (new Uri(url), System.IO.File.ReadAllText(key).Trim())
                : null;
    }

    /// <inheritdoc />
    public void Dispose() => _lock.Dispose();

    /// <summary>Writes a file that only its owner can read; never half of it.</summary>
    internal static void WritePrivate(string file, string text)
    {
        var part = file + ".part";
        System.IO.File.Delete(part);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var writer = new StreamWriter(part, options))
        {
            writer.Write(text);
        }

        System.IO.File.Move(part, file, overwrite: true);
    }

    private static void Empty(string path)
    {
        foreach (var folder in Directory.EnumerateDirectories(path))
        {
            Directory.Delete(folder, recursive: true);
        }

        foreach (var file in Directory.EnumerateFiles(path).Where(file => !InstanceLock.Owns(file)))
        {
            System.IO.File.Delete(file);
        }
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,60}$")]
    private static partial Regex NamePattern();
}
