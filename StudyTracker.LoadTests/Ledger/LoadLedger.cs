namespace StudyTracker.LoadTests.Ledger;

/// <summary>A sum that has to be right.</summary>
/// <param name="Name">What it is about.</param>
/// <param name="Text">The sum, in words.</param>
/// <param name="Left">One side.</param>
/// <param name="Right">The other.</param>
internal sealed record LedgerLine(string Name, string Text, long Left, long Right)
{
    /// <summary>Whether both sides are the same.</summary>
    public bool AddsUp => Left == Right;
}

/// <summary>What was counted at the ends and on the way.</summary>
internal sealed record LedgerCounts
{
    /// <summary>Events sent.</summary>
    public required int Sent { get; init; }

    /// <summary>Events answered with 2xx.</summary>
    public required int Accepted { get; init; }

    /// <summary>The others, by class.</summary>
    public required IReadOnlyDictionary<string, int> Failed { get; init; }

    /// <summary>Accepted events that are in a row of their own.</summary>
    public required int Stored { get; init; }

    /// <summary>Rows beyond the first of an event.</summary>
    public required int Doubled { get; init; }

    /// <summary>Events that are stored although their answer never came: the sender could not know, and would send them again.</summary>
    public required int StoredWithoutAnswer { get; init; }

    /// <summary>Rows of the run's workspaces that no event of the run accounts for.</summary>
    public required int Strangers { get; init; }

    /// <summary>Triggers answered with 2xx.</summary>
    public required int TriggersAccepted { get; init; }

    /// <summary>Of these, how many were executed.</summary>
    public required int RunsExecuted { get; init; }

    /// <summary>Jobs of the run's learners.</summary>
    public required int Jobs { get; init; }

    /// <summary>Jobs with nothing left to summarise.</summary>
    public required int Empty { get; init; }

    /// <summary>Jobs that were given up, with their reason.</summary>
    public required int GivenUp { get; init; }

    /// <summary>Summaries of the run's learners.</summary>
    public required int Summaries { get; init; }

    /// <summary>Summaries in Slack.</summary>
    public required int Delivered { get; init; }

    /// <summary>Summaries that delivery gave up, with their reason.</summary>
    public required int Parked { get; init; }

    /// <summary>What Slack says that it got; null when nobody can be asked.</summary>
    public SlackPosts? Slack { get; init; }

    /// <summary>Accepted events that are not stored.</summary>
    public int Lost => Accepted - Stored;

    /// <summary>The lines, in the order data flows.</summary>
    public IReadOnlyList<LedgerLine> Lines()
    {
        var failed = Failed.Values.Sum();
        List<LedgerLine> lines =
        [
            new("events", $"{Sent:N0} sent = {Accepted:N0} accepted{string.Concat(Failed.Select(entry => $" + {entry.Value:N0} {entry.Key}"))}", Sent, Accepted + failed),
            new("messages", $"{Accepted:N0} accepted = {Stored:N0} stored" + Besides(StoredWithoutAnswer, "more stored whose answer got lost"), Accepted, Stored),
            new("rows", $"{Doubled:N0} doubled, {Strangers:N0} of unknown origin", Doubled + Strangers, 0),
        ];
        if (TriggersAccepted > 0)
        {
            lines.AddRange(
            [
                new("triggers", $"{TriggersAccepted:N0} accepted = {RunsExecuted:N0} executed", TriggersAccepted, RunsExecuted),
                new("jobs", $"{Jobs:N0} jobs = {Summaries:N0} summaries + {Empty:N0} empty" + (GivenUp > 0 ? $" + {GivenUp:N0} given up" : ""), Jobs, Summaries + Empty + GivenUp),
                new("summaries", $"{Summaries:N0} summaries = {Delivered:N0} delivered + {Parked:N0} parked", Summaries, Delivered + Parked),
            ]);
            if (Slack is { } slack)
                lines.Add(new("Slack", $"{Delivered:N0} delivered = {slack.Summaries:N0} received" + Besides(slack.Again, "received twice"), Delivered, slack.Summaries - slack.Again));
        }

        return lines;
    }

    private static string Besides(int count, string what) => count == 0 ? "" : $", besides {count:N0} {what}";
}
