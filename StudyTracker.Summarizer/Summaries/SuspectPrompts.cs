using System.Collections.Concurrent;

namespace StudyTracker.Summarizer.Summaries;

/// <summary>
/// Prompts that a server refused without saying why. When it has answered others since, the prompt was to blame and not the
/// server, and is not sent again.
/// </summary>
internal sealed class SuspectPrompts
{
    private const int Most = 10_000;
    private readonly ConcurrentDictionary<string, (long Answers, string Reason)> _refused = new();
    private long _answers;

    /// <summary>Whether the server has answered anything.</summary>
    public bool AnyAnswer => Interlocked.Read(ref _answers) > 0;

    /// <summary>The server answered a prompt.</summary>
    public void Answered(string hash)
    {
        Interlocked.Increment(ref _answers);
        _refused.TryRemove(hash, out _);
    }

    /// <summary>The server refused a prompt.</summary>
    public void Refused(string hash, string reason)
    {
        if (_refused.Count >= Most) _refused.Clear();
        _refused[hash] = (Interlocked.Read(ref _answers), reason);
    }

    /// <summary>Why a prompt is not to be sent again; told once, so that an operator's replay is sent.</summary>
    public bool IsToBlame(string hash, out string reason)
    {
        reason = "";
        if (!_refused.TryGetValue(hash, out var refused) || refused.Answers == Interlocked.Read(ref _answers) || !_refused.TryRemove(hash, out _)) return false;
        reason = refused.Reason;
        return true;
    }
}
