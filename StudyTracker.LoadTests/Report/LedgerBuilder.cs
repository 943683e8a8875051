using StudyTracker.LoadTests.Ledger;
using StudyTracker.LoadTests.Running;

namespace StudyTracker.LoadTests.Report;

/// <summary>Sets what was sent against what is stored, event by event.</summary>
internal static class LedgerBuilder
{
    /// <summary>Makes the ledger; null when nobody could be asked what is stored.</summary>
    public static LedgerCounts? Build(RunFacts facts)
    {
        if (facts.Stored is not { } stored) return null;
        var rows = new int[facts.Events.Count];
        var strangers = 0;
        foreach (var row in stored.Events)
        {
            if (facts.Cast.NumberOf(row.EventId) is { } number && number < rows.Length) rows[number]++;
            else strangers++;
        }

        var outcomes = Enumerable.Range(0, rows.Length).Select(request => facts.Events[request].Outcome).ToList();
        var executed = Enumerable.Range(0, facts.Triggers.Count)
            .Count(trigger => facts.Triggers[trigger].Outcome.IsAccepted && stored.PlannedAt.ContainsKey(facts.Cast.RunIdOf(trigger)));
        return new LedgerCounts
        {
            Sent = facts.Events.Sent,
            Accepted = outcomes.Count(outcome => outcome.IsAccepted),
            Failed = outcomes.Where(outcome => outcome.HasEnded && !outcome.IsAccepted).GroupBy(outcome => outcome.Class).ToDictionary(group => group.Key, group => group.Count()),
            Stored = Enumerable.Range(0, rows.Length).Count(request => rows[request] > 0 && outcomes[request].IsAccepted),
            Doubled = rows.Sum(count => Math.Max(0, count - 1)),
            StoredWithoutAnswer = Enumerable.Range(0, rows.Length).Count(request => rows[request] > 0 && outcomes[request].IsDoubtful),
            // A refused event, or one that never left this machine, has no business in the database.
            Strangers = strangers + Enumerable.Range(0, rows.Length).Count(request => rows[request] > 0 && outcomes[request] is { IsAccepted: false, IsDoubtful: false }),
            TriggersAccepted = facts.Triggers.Accepted,
            RunsExecuted = executed,
            Jobs = stored.Parts.Sum(part => part.Jobs),
            Empty = stored.Parts.Sum(part => part.Empty),
            GivenUp = stored.Parts.Sum(part => part.GivenUp),
            Summaries = stored.Parts.Sum(part => part.Summaries),
            Delivered = stored.Parts.Sum(part => part.Sent),
            Parked = stored.Parts.Sum(part => part.Parked),
            Slack = facts.Posts,
        };
    }
}
