namespace StudyTracker.LoadTests.Ledger;

/// <summary>One trigger and what came of it.</summary>
/// <param name="Number">Which, from 1 on.</param>
/// <param name="RunId">The run.</param>
/// <param name="AtSeconds">When it was sent, from the beginning.</param>
/// <param name="Outcome">How it was answered.</param>
/// <param name="AnswerMs">How long the answer took.</param>
/// <param name="Executed">Whether its run was planned.</param>
/// <param name="PlannedMs">Until its run was planned, from when it was sent.</param>
/// <param name="Jobs">Learners of this run who had something new.</param>
/// <param name="Delivered">Messages in Slack.</param>
/// <param name="Parked">Messages that delivery gave up.</param>
/// <param name="FirstDeliveredMs">Until the first message was in Slack.</param>
/// <param name="LastDeliveredMs">Until the last was.</param>
/// <param name="AllowedMs">How long Slack's limits alone make it take.</param>
internal sealed record TriggerRow(
    int Number,
    string RunId,
    double AtSeconds,
    string Outcome,
    double AnswerMs,
    bool Executed,
    double? PlannedMs,
    int Jobs,
    int Delivered,
    int Parked,
    double? FirstDeliveredMs,
    double? LastDeliveredMs,
    double AllowedMs)
{
    /// <summary>How much longer than that it took; null when nothing was delivered.</summary>
    public double? OverAllowed => LastDeliveredMs is { } last ? Math.Round(last / AllowedMs, 3) : null;
}
