namespace StudyTracker.AppHost.Demo;

/// <summary>What was counted at both ends: by the Sandbox, which sent and received, and in Postgres.</summary>
internal sealed record DemoLedger
{
    /// <summary>Deliveries that Slack made.</summary>
    public required int Sent { get; init; }

    /// <summary>Deliveries of study messages that were answered with success, beyond the first of each message.</summary>
    public required int Duplicates { get; init; }

    /// <summary>Deliveries that were authentic and of no concern: a bot's.</summary>
    public required int Filtered { get; init; }

    /// <summary>Deliveries that were turned away: a wrong signature.</summary>
    public required int Refused { get; init; }

    /// <summary>Deliveries without an answer, or answered "not now"; Slack repeats them.</summary>
    public required int Unanswered { get; init; }

    /// <summary>Rows in study.messages.</summary>
    public required int Stored { get; init; }

    /// <summary>Messages that the learners wrote.</summary>
    public required int Written { get; init; }

    /// <summary>Rows in study.jobs.</summary>
    public required int Jobs { get; init; }

    /// <summary>Jobs that were given up, with their reason.</summary>
    public required int GivenUp { get; init; }

    /// <summary>Rows in study.summaries.</summary>
    public required int Summaries { get; init; }

    /// <summary>Of these, how many the prompt cache answered.</summary>
    public required int Cached { get; init; }

    /// <summary>Calls that the model answered.</summary>
    public required int ModelCalls { get; init; }

    /// <summary>Summaries that delivery notes as sent.</summary>
    public required int Delivered { get; init; }

    /// <summary>Summaries that delivery gave up, with their reason.</summary>
    public required int Parked { get; init; }

    /// <summary>Direct messages that Slack took, by distinct summary.</summary>
    public required int Received { get; init; }

    /// <summary>Direct messages that told a learner the same summary again.</summary>
    public required int ReceivedAgain { get; init; }

    /// <summary>Jobs of the second trigger; null when it was never planned.</summary>
    public required int? JobsOfSecondRun { get; init; }

    /// <summary>Puts together what both ends have counted.</summary>
    /// <param name="written">How many messages the learners wrote.</param>
    /// <param name="sent">Every event with its deliveries.</param>
    /// <param name="posts">Every message that Slack took.</param>
    /// <param name="modelCalls">Calls of the model.</param>
    /// <param name="figures">What stands in Postgres.</param>
    /// <param name="secondRun">The run that must have had nothing to do.</param>
    public static DemoLedger From(
        int written,
        IReadOnlyList<SentEvent> sent,
        IReadOnlyList<Post> posts,
        int modelCalls,
        StudyFigures figures,
        string secondRun)
    {
        var study = sent.Where(one => one.Kind == "study").Select(one => one.Attempts.Count(attempt => attempt.Accepted)).ToList();
        var summaries = posts.Where(post => post.SummaryId is not null).Select(post => post.SummaryId).ToList();
        return new DemoLedger
        {
            Sent = sent.Sum(one => one.Attempts.Count),
            Duplicates = study.Sum(accepted => Math.Max(0, accepted - 1)),
            Filtered = sent.Where(one => one.Kind != "study").Sum(one => one.Attempts.Count(attempt => attempt.Accepted)),
            Refused = sent.Sum(one => one.Attempts.Count(attempt => attempt.Refused)),
            Unanswered = sent.Sum(one => one.Attempts.Count(attempt => !attempt.Accepted && !attempt.Refused)),
            Stored = figures.Messages,
            Written = written,
            Jobs = figures.Jobs,
            GivenUp = figures.GivenUp,
            Summaries = figures.Summaries,
            Cached = figures.Cached,
            ModelCalls = modelCalls,
            Delivered = figures.Delivered,
            Parked = figures.Parked,
            Received = summaries.Distinct().Count(),
            ReceivedAgain = summaries.Count - summaries.Distinct().Count(),
            JobsOfSecondRun = figures.Runs.GetValueOrDefault(secondRun)?.Jobs,
        };
    }

    /// <summary>Whether every line adds up.</summary>
    public bool AddsUp => Lines().All(line => line.AddsUp);

    /// <summary>The lines, in the order data flows.</summary>
    public IEnumerable<LedgerLine> Lines()
    {
        yield return new(
            "deliveries",
            $"{Sent} sent = {Stored} stored + {Duplicates} duplicates + {Filtered} filtered + {Refused} refused"
                + (Unanswered == 0 ? "" : $" + {Unanswered} unanswered and sent again"),
            Sent == Stored + Duplicates + Filtered + Refused + Unanswered);
        yield return new("messages", $"{Written} written = {Stored} stored, each once", Written == Stored);
        yield return new(
            "jobs", $"{Jobs} jobs = {Summaries} summaries" + (GivenUp == 0 ? "" : $" + {GivenUp} given up"), Jobs == Summaries + GivenUp);
        yield return new(
            "summaries", $"{Summaries} summaries = {Delivered} delivered + {Parked} parked", Summaries == Delivered + Parked);
        yield return new(
            "Slack",
            $"{Delivered} delivered = {Received} received" + (ReceivedAgain == 0 ? ", each once" : $", and {ReceivedAgain} received twice"),
            Delivered == Received && ReceivedAgain == 0);
        // A Summarizer that was killed after a call may have had to ask again, so there can be more calls, never fewer.
        yield return new(
            "model", $"{Summaries} summaries = {Summaries - Cached} from {ModelCalls} model calls + {Cached} from the prompt cache",
            ModelCalls >= Summaries - Cached);
        yield return new(
            "again",
            JobsOfSecondRun is null ? "the second trigger was not executed" : $"the second trigger found {JobsOfSecondRun} jobs to do: nobody gets a second summary",
            JobsOfSecondRun == 0);
    }
}

/// <summary>One line of the ledger.</summary>
/// <param name="Name">What it is about.</param>
/// <param name="Text">The sum.</param>
/// <param name="AddsUp">Whether both sides are equal.</param>
internal sealed record LedgerLine(string Name, string Text, bool AddsUp);
