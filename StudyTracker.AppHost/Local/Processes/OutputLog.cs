using System.Text;

namespace StudyTracker.AppHost.Local.Processes;

/// <summary>
/// What one process wrote: in a file of bounded size, with the last lines in memory for error messages, and handed on to
/// the console when asked for.
/// </summary>
internal sealed class OutputLog : IDisposable
{
    private const int LinesInMemory = 30;

    private readonly Lock _lock = new();
    private readonly Queue<string> _last = [];
    private readonly long _limitBytes;
    private readonly Action<string>? _echo;
    private StreamWriter? _file;
    private long _sizeBytes;

    /// <summary>Opens the file; what an earlier run wrote stays in it.</summary>
    /// <param name="path">The file. When it is full it becomes <c>path.1</c>, in place of an older one.</param>
    /// <param name="limitBytes">Size at which the file is full.</param>
    /// <param name="echo">Where each line goes besides.</param>
    public OutputLog(string path, long limitBytes, Action<string>? echo = null)
    {
        (FilePath, _limitBytes, _echo) = (path, limitBytes, echo);
        Open();
    }

    /// <summary>Where the file is.</summary>
    public string FilePath { get; }

    /// <summary>The last lines, oldest first.</summary>
    public IReadOnlyList<string> LastLines
    {
        get
        {
            lock (_lock)
            {
                return [.. _last];
            }
        }
    }

    /// <summary>Adds a line.</summary>
    public void Write(string line)
    {
        lock (_lock)
        {
            if (_file is null)
            {
                return;
            }

            _last.Enqueue(line);
            if (_last.Count > LinesInMemory)
            {
                _last.Dequeue();
            }

            try
            {
                Append(line);
            }
            catch (IOException)
            {
                // A full disk costs log lines. It must not block the process, whose pipe is emptied here.
            }
        }

        _echo?.Invoke(line);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_lock)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    private void Append(string line)
    {
        if (_sizeBytes >= _limitBytes)
        {
            _file!.Dispose();
            File.Move(FilePath, FilePath + ".1", overwrite: true);
            Open();
        }

        _file!.WriteLine(line);
        _sizeBytes += Encoding.UTF8.GetByteCount(line) + 1;
    }

    private void Open()
    {
        var stream = new FileStream(FilePath, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        _sizeBytes = stream.Length;
        _file = new StreamWriter(stream) { AutoFlush = true };
    }
}
