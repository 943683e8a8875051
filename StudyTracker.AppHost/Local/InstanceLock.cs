using System.Text.Json;

namespace StudyTracker.AppHost.Local;

/// <summary>
/// Lets one process at a time hold an instance. The kernel releases the lock when the process ends, however it ends; the
/// note beside it only tells others whom to look for.
/// </summary>
internal sealed class InstanceLock : IDisposable
{
    private const string LockFile = "lock";
    private const string NoteFile = "host.json";

    private readonly FileStream _held;
    private readonly string _note;

    private InstanceLock(FileStream held, string note) => (_held, _note) = (held, note);

    /// <summary>Takes the lock.</summary>
    /// <exception cref="LocalHostException">Another process holds it; the message names that process and its URL.</exception>
    public static InstanceLock Acquire(string folder, string instance)
    {
        var note = Path.Combine(folder, NoteFile);
        FileStream held;
        try
        {
            // FileShare.None takes an exclusive advisory lock (flock).
            held = new FileStream(Path.Combine(folder, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new LocalHostException(InUse(instance, Read(note)), e);
        }

        var acquired = new InstanceLock(held, note);
        acquired.Announce(url: null, new Dictionary<string, string>());
        return acquired;
    }

    /// <summary>Whether a file of the folder belongs to the lock and has to stay.</summary>
    public static bool Owns(string file) => Path.GetFileName(file) is LockFile or NoteFile;

    /// <summary>Notes who holds the lock.</summary>
    public void Announce(string? url, IReadOnlyDictionary<string, string> services) =>
        InstanceFolder.WritePrivate(_note, JsonSerializer.Serialize(new Note(Environment.ProcessId, url, services)));

    /// <summary>Who holds the lock of a folder, as far as is noted there.</summary>
    public static Note? Holder(string folder) => Read(Path.Combine(folder, NoteFile));

    /// <inheritdoc />
    public void Dispose()
    {
        File.Delete(_note);
        _held.Dispose();
    }

    /// <summary>What somebody who wants the instance is told.</summary>
    internal static string InUse(string instance, Note? holder) =>
        $"'{instance}' is already running in this folder"
        + (holder is null ? "" : $" (process {holder.Pid}{(holder.Url is null ? "" : $", {holder.Url}")})")
        + ". Stop it with Ctrl-C where it runs"
        + (holder is null ? "." : $", or with: kill {holder.Pid}");

    private static Note? Read(string note)
    {
        try
        {
            return JsonSerializer.Deserialize<Note>(File.ReadAllText(note));
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Who holds the lock.</summary>
    /// <param name="Pid">Process id.</param>
    /// <param name="Url">The page to open; null while it is starting.</param>
    /// <param name="Services">Where each service answers its operator.</param>
    internal sealed record Note(int Pid, string? Url, IReadOnlyDictionary<string, string>? Services = null);
}
