namespace StudyTracker.Summarizer.Summaries;

/// <summary>
/// What this process has learned about the model's server, shared by all calls. A server is asked for what it has refused
/// once and never again; every lesson is one line in the log and stands in <c>/health</c>.
/// </summary>
internal sealed partial class LearnedDialect(ModelOptions options, ILogger logger)
{
    // Beyond it no messages fit that are worth a summary.
    private const int FewestPromptTokens = 60;
    private const int FewestOutputTokens = 256;
    private const int MostLessons = 20;

    // The next prompt is shorter by so much at least, or by half where nothing says by how much.
    private const double LargestShare = 0.9;
    private const double Half = 0.5;

    private readonly Lock _lock = new();
    private readonly List<string> _lessons = [];
    private ModelDialect _current = ModelDialect.Of(options);
    private ModelDialect? _guessedFrom;
    private bool _guessedInVain;
    private int _mostOutputTokens = int.MaxValue;

    /// <summary>How to ask now.</summary>
    public ModelDialect Current
    {
        get { lock (_lock) return _current; }
    }

    /// <summary>What was learned, oldest first.</summary>
    public IReadOnlyList<string> Lessons
    {
        get { lock (_lock) return [.. _lessons]; }
    }

    /// <summary>A request was refused for one of its parameters.</summary>
    /// <param name="used">How it was put.</param>
    /// <param name="refused">The parameter.</param>
    /// <param name="isUnknown">Whether the server does not know it at all.</param>
    /// <returns>Whether it can be put in another way now.</returns>
    public bool LeaveOut(ModelDialect used, Parameter refused, bool isUnknown) =>
        TryLearn(used, used.Without(refused, isUnknown), $"{Name(used, refused)} is refused");

    /// <summary>A request was refused, and nothing said which part of it: simpler ones are tried, once, until one is answered.</summary>
    public bool Guess(ModelDialect used)
    {
        lock (_lock)
        {
            if (_guessedInVain) return false;
            if (_current != used) return true;
            if (used.Simpler() is { } next)
            {
                _guessedFrom ??= used;
                _current = next;
                return true;
            }

            _guessedInVain = true;
            if (_guessedFrom is not null) _current = _guessedFrom;
            _guessedFrom = null;
            return false;
        }
    }

    /// <summary>The server has answered: what was only guessed is known now.</summary>
    public void Confirm(ModelDialect used)
    {
        string lesson;
        lock (_lock)
        {
            if (_guessedFrom is null || used != _current) return;
            lesson = $"requests are refused without a reason, simpler ones are not: from now on {Difference(_guessedFrom, used)}";
            _guessedFrom = null;
            Keep(lesson);
        }

        LogLesson(lesson);
    }

    /// <summary>The model has spent all tokens of its answer on thoughts.</summary>
    public bool GiveRoomToThink(ModelDialect used)
    {
        var room = Math.Min(options.MaxOutputTokens + options.MaxReasoningTokens, Volatile.Read(ref _mostOutputTokens));
        var isMore = room > used.OutputTokens && used.Limit != OutputLimit.None;
        return TryLearn(used, isMore ? used with { OutputTokens = room } : null, "the model thinks before it answers");
    }

    /// <summary>The server allows answers of no more than so many tokens.</summary>
    public bool ShortenAnswers(ModelDialect used, long tokens)
    {
        if (tokens < FewestOutputTokens || tokens >= used.OutputTokens) return false;
        Volatile.Write(ref _mostOutputTokens, (int)tokens);
        return TryLearn(used, used with { OutputTokens = (int)tokens }, "the server allows shorter answers only");
    }

    /// <summary>A prompt was too long for the model.</summary>
    /// <param name="used">How it was asked.</param>
    /// <param name="prompt">The prompt.</param>
    /// <param name="share">Which part of it the server seems to have room for; 0 when it does not say.</param>
    public bool ShortenPrompts(ModelDialect used, Prompt prompt, double share)
    {
        if (prompt.MaxTokens > used.PromptTokens) return true; // made before the last lesson
        var tokens = (int)(Math.Min(prompt.MessageTokens, prompt.MaxTokens) * (share > 0 ? Math.Min(share, LargestShare) : Half));
        return TryLearn(used, tokens >= FewestPromptTokens ? used with { PromptTokens = tokens } : null, "prompts are too long for the model");
    }

    /// <summary>Notes what the server does without being asked.</summary>
    public void Note(string lesson)
    {
        lock (_lock)
        {
            if (_lessons.Contains(lesson)) return;
            Keep(lesson);
        }

        LogLesson(lesson);
    }

    private bool TryLearn(ModelDialect used, ModelDialect? next, string why)
    {
        string? lesson = null;
        lock (_lock)
        {
            // Calls that were under way when it was learned say nothing new, and are put in the new way.
            if (_current != used) return true;
            if (next is null) return false;
            lesson = $"{why}: from now on {Difference(used, next)}";
            _current = next;
            Keep(lesson);
        }

        LogLesson(lesson);
        return true;
    }

    private void Keep(string lesson)
    {
        if (_lessons.Count == MostLessons) _lessons.RemoveAt(0);
        _lessons.Add(lesson);
    }

    private static string Name(ModelDialect used, Parameter parameter) => parameter switch
    {
        Parameter.ResponseFormat => $"response_format {(used.Format == AnswerFormat.JsonSchema ? "json_schema" : "json_object")}",
        Parameter.OutputLimit => used.Limit == OutputLimit.MaxTokens ? "max_tokens" : "max_completion_tokens",
        Parameter.SystemRole => "the system role",
        Parameter.ReasoningEffort => "reasoning_effort",
        _ => "stream",
    };

    private static string Difference(ModelDialect used, ModelDialect next) => string.Join(", ", new[]
    {
        next.Format == used.Format ? null : next.Format == AnswerFormat.JsonObject ? "response_format json_object" : "no response_format",
        next.Limit == used.Limit ? null : next.Limit == OutputLimit.MaxTokens ? "max_tokens" : "no limit of the answer's length",
        next.SystemRole == used.SystemRole ? null : "the instructions in the user message",
        next.ReasoningEffort == used.ReasoningEffort ? null : "no reasoning_effort",
        next.Stream == used.Stream ? null : "no stream parameter",
        next.OutputTokens == used.OutputTokens ? null : $"at most {next.OutputTokens} tokens for an answer",
        next.PromptTokens == used.PromptTokens ? null : $"at most {next.PromptTokens} tokens of messages in a prompt",
    }.OfType<string>());

    [LoggerMessage(LogLevel.Warning, "Learned about the model's server: {Lesson}")]
    private partial void LogLesson(string lesson);
}
