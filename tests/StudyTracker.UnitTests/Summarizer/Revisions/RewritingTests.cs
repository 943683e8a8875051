using Microsoft.Extensions.Options;
using Npgsql;
using StudyTracker.Contracts;
using StudyTracker.Summarizer.Days;
using StudyTracker.Summarizer.Intake;
using StudyTracker.Summarizer.Revisions;
using StudyTracker.Summarizer.Storage;
using StudyTracker.Summarizer.Summaries;

namespace StudyTracker.UnitTests.Summarizer.Revisions;

public sealed class RewritingTests
{
    [Theory]
    [InlineData("asked", nameof(Verdict.Ask))]
    [InlineData(null, nameof(Verdict.Empty))]
    public void A_first_summary_is_asked_for_whenever_there_is_something_to_say(string? hash, string verdict) =>
        Rewriting.VerdictOn(Job(replaced: null), hash).ToString().ShouldBe(verdict);

    [Theory]
    [InlineData("asked", 2, "another", nameof(Verdict.Ask))]
    [InlineData("asked", 2, "asked", nameof(Verdict.Skip))] // edited and edited back, or nothing that the model saw
    [InlineData("asked", 2, null, nameof(Verdict.Retract))]
    [InlineData("", 0, null, nameof(Verdict.Skip))] // it was retracted before
    [InlineData("", 0, "another", nameof(Verdict.Ask))]
    public void A_summary_is_rewritten_when_it_would_rest_on_something_else(
        string asked, int messages, string? hash, string verdict) =>
        Rewriting.VerdictOn(Job(new ReplacedSummary(new DateOnly(2026, 11, 22), "en", messages, "gpt", asked)), hash).ToString().ShouldBe(verdict);

    [Fact]
    public void A_retracted_summary_keeps_its_day_and_its_language_and_says_nothing()
    {
        var job = Job(new ReplacedSummary(new DateOnly(2026, 11, 22), "ko", 2, "gpt", "asked"));

        var retracted = Rewriting.Retracted(job, DateTimeOffset.UnixEpoch);

        (retracted.LocalDate, retracted.Language, retracted.MessageCount, retracted.Revision).ShouldBe((new DateOnly(2026, 11, 22), "ko", 0, 3));
        retracted.Content.Sentences.ShouldBeEmpty();
        job.ToFeedback(retracted).Revision.ShouldBe(3);
    }

    [Theory]
    [InlineData(0, null, false)]
    [InlineData(1_700_000_000, null, true)]
    [InlineData(-1, 1_700_000_000L, true)]
    [InlineData(0, 1_700_000_000L, true)] // written and deleted in one batch
    public void A_message_that_was_only_written_is_no_edit(long version, long? deleted, bool isEdit) =>
        EditNotes.IsEdit(Change(version, deleted)).ShouldBe(isEdit);

    [Fact]
    public void A_batch_without_edits_has_no_statement_more_and_nor_has_one_when_nothing_is_rewritten()
    {
        Notes(24).Command([Change(0, null), Change(0, null)]).ShouldBeNull();
        Notes(0).Command([Change(1_700_000_000, null)]).ShouldBeNull();

        var command = Notes(24).Command([Change(0, null), Change(1_700_000_000, null), Change(-1, 1_700_000_000)]).ShouldNotBeNull();
        ((NpgsqlParameter)command.Parameters[0]).Value.ShouldBeOfType<string[]>().Length.ShouldBe(2);
    }

    private static EditNotes Notes(int withinHours) => new(Options.Create(new RevisionOptions { WithinHours = withinHours }));

    private static MessageChange Change(long version, long? deleted) => new(
        new MessageKey("T1", "C1", "1700000000.000100"), "U1", new MessageContent("text"), version, 0, deleted, null, DateTimeOffset.UnixEpoch, "Ev1",
        DateTimeOffset.UnixEpoch);

    private static LoadedJob Job(ReplacedSummary? replaced) => new()
    {
        Key = new JobKey(Guid.Empty, replaced is null ? 0 : 3),
        RunId = "run",
        TeamId = "T1",
        UserId = "U1",
        Kind = SummaryKind.Daily,
        State = JobState.Pending,
        RequestedAt = DateTimeOffset.UnixEpoch,
        DueAt = DateTimeOffset.UnixEpoch,
        Locale = null,
        Clock = new ClockSettings(null, null, null),
        SpentToday = 0,
        Replaced = replaced,
    };
}
