using StudyTracker.Telemetry;

namespace StudyTracker.Summarizer.Summaries;

/// <summary>
/// Notices a server that reads only a part of the prompt and says nothing of it, as Ollama does beyond its num_ctx: what it
/// counts is then less than any tokenizer makes of the text.
/// </summary>
internal sealed partial class PromptTruncation(TimeProvider time, ILogger logger)
{
    // No tokenizer in use gets further with letters, or with characters of other scripts, on texts of people.
    private const int LettersPerToken = 6;
    private const int CharactersPerToken = 4;

    private static readonly TimeSpan _interval = TimeSpan.FromHours(1);
    private readonly SampledLog _log = new(time, _interval);
    private (int Counted, int Least)? _last;

    /// <summary>The last that was noticed, in words; null when there was none.</summary>
    public string? Last => _last is { } last ? $"the server read {last.Counted} tokens of a prompt of {last.Least} or more" : null;

    /// <summary>Looks at what a server counted.</summary>
    /// <param name="prompt">What it was asked.</param>
    /// <param name="counted">Tokens that it counted in the prompt; 0 when it did not say.</param>
    public void Check(Prompt prompt, int counted)
    {
        if (counted <= 0 || counted >= prompt.EstimatedTokens / 2 || Least(prompt) is var least && counted >= least) return;
        _last = (counted, least);
        if (_log.IsDue("truncated", out _)) LogTruncated(counted, least);
    }

    private static int Least(Prompt prompt)
    {
        var ascii = 0;
        var other = 0;
        foreach (var rune in prompt.Text.EnumerateRunes())
        {
            if (rune.IsAscii) ascii++;
            else other++;
        }

        return (Prompt.System.Length + ascii) / LettersPerToken + other / CharactersPerToken;
    }

    [LoggerMessage(
        LogLevel.Warning,
        "The model's server has read only {Counted} tokens of a prompt of at least {Least}: it cuts prompts without a word. Raise its context (Ollama: num_ctx), or lower OpenAI:MaxPromptTokens")]
    private partial void LogTruncated(int counted, int least);
}
