using System.Text.Json;

namespace StudyTracker.Sandbox.Ledger;

/// <summary>
/// An append-only file of JSON lines. Every line reaches the operating system before <see cref="Append"/> returns, so it
/// outlives the process; it is not forced to the disk, because no power cut has to be survived.
/// </summary>
internal sealed class Journal : IDisposable
{
    private static readonly byte[] _newLine = "\n"u8.ToArray();
    private readonly FileStream? _file;
    private readonly long _limitBytes;

    /// <param name="path">The file; null keeps nothing.</param>
    /// <param name="limitBytes">Size at which it takes no more.</param>
    public Journal(string? path, long limitBytes)
    {
        _limitBytes = limitBytes;
        if (string.IsNullOrWhiteSpace(path)) return;
        var full = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(full)!;
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.Read, BufferSize = 0 };
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            // Everybody's texts are in it: nobody else on the machine may read them, nor what an earlier version has left behind.
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            if (File.Exists(full)) File.SetUnixFileMode(full, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        _file = new FileStream(full, options);
    }

    /// <summary>
    /// Reads every record and goes on after the last whole one: a line that a killed process left half-written was
    /// never answered for, so it is cut off.
    /// </summary>
    public IEnumerable<JournalRecord> Replay()
    {
        if (_file is null) yield break;
        _file.Position = 0;
        long whole = 0;
        foreach (var line in ReadLines(_file))
        {
            whole += line.Length + _newLine.Length;
            if (JsonSerializer.Deserialize<JournalRecord>(line, SandboxJson.Options) is { } record) yield return record;
        }

        _file.SetLength(whole);
        _file.Position = whole;
    }

    /// <summary>Writes one record.</summary>
    /// <exception cref="IOException">The file is full, or cannot be written.</exception>
    public void Append(JournalRecord record)
    {
        if (_file is null) return;
        var end = _file.Position;
        if (end >= _limitBytes)
            throw new IOException("The journal has reached Sandbox:JournalMaxMiB. DELETE /sandbox/ledger starts a new one.");
        var json = JsonSerializer.SerializeToUtf8Bytes(record, SandboxJson.Options);
        // One write for line and end: a kill in between would leave a line that looks half-written.
        Array.Resize(ref json, json.Length + _newLine.Length);
        _newLine.CopyTo(json, json.Length - _newLine.Length);
        try
        {
            _file.Write(json);
        }
        catch (IOException)
        {
            // Half a line must not be what the next record is appended to.
            _file.SetLength(end);
            _file.Position = end;
            throw;
        }
    }

    /// <summary>Starts anew.</summary>
    public void Clear()
    {
        _file?.SetLength(0);
        if (_file is not null) _file.Position = 0;
    }

    public void Dispose() => _file?.Dispose();

    private static IEnumerable<byte[]> ReadLines(FileStream file)
    {
        var line = new MemoryStream();
        var chunk = new byte[1 << 16];
        for (int read; (read = file.Read(chunk)) > 0;)
        {
            var from = 0;
            for (int end; (end = Array.IndexOf(chunk, (byte)'\n', from, read - from)) >= 0; from = end + 1)
            {
                line.Write(chunk, from, end - from);
                yield return line.ToArray();
                line.SetLength(0);
            }

            line.Write(chunk, from, read - from);
        }
    }
}
