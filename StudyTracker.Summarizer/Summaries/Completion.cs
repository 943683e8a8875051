namespace StudyTracker.Summarizer.Summaries;

/// <summary>What a fault of an answer means for asking again.</summary>
internal enum FaultKind
{
    /// <summary>Another answer to the same question may be better.</summary>
    Chance,

    /// <summary>It was cut off; what there is of it may be whole all the same.</summary>
    CutOff,

    /// <summary>All its tokens went into thoughts: with as many it would again.</summary>
    OutOfRoom,

    /// <summary>Asked again, the server would say the same.</summary>
    Lasting,
}

/// <summary>An answer and what it cost.</summary>
/// <param name="Text">The answer, unread.</param>
/// <param name="InputTokens">Tokens of the prompt.</param>
/// <param name="OutputTokens">Tokens of the answer.</param>
/// <param name="CachedInputTokens">Of the prompt's tokens, those that the provider had in its own cache.</param>
/// <param name="Fault">Why it is of no use, when the server says so itself.</param>
/// <param name="FaultKind">Whether it is worth asking again then.</param>
internal sealed record Completion(
    string Text, int InputTokens, int OutputTokens, int CachedInputTokens = 0, string? Fault = null, FaultKind FaultKind = FaultKind.Chance)
{
    /// <summary>This answer, with what an earlier one cost that was of no use.</summary>
    public Completion After(Completion? earlier) => earlier is null ? this : this with
    {
        InputTokens = InputTokens + earlier.InputTokens,
        OutputTokens = OutputTokens + earlier.OutputTokens,
        CachedInputTokens = CachedInputTokens + earlier.CachedInputTokens,
    };
}
