using System.Text.Json;
using Npgsql;
using StudyTracker.Contracts;
using StudyTracker.Summarizer.Storage;
using StudyTracker.Summarizer.Summaries;

namespace StudyTracker.Summarizer.Revisions;

/// <summary>Moves rewritings along; every step may be repeated. Each has cost a call of the model, so they go one by one.</summary>
internal sealed class RevisionStore(NpgsqlDataSource database)
{
    // The summary is locked first, as an erasure does it: one that is gone is not written. What it was asked with is kept,
    // because the cache may still hold that answer when the member is erased.
    private const string Replace = """
        WITH replaced AS (SELECT summary_id, team_id, prompt_hash FROM study.summaries WHERE summary_id = $1 AND revision = $2 - 1 FOR UPDATE),
        marked AS (
            UPDATE study.revisions r SET state = 'Written', replaced_hash = replaced.prompt_hash FROM replaced
            WHERE r.summary_id = replaced.summary_id AND r.number = $2 AND r.state = 'Pending'
            RETURNING r.summary_id, r.team_id),
        written AS (
            UPDATE study.summaries s SET
                revision = $2, revised_at = $3, language = $4, content = $5, message_count = $6, left_out = $7, streak_days = $8, model = $9,
                prompt_hash = $10, input_tokens = s.input_tokens + $11, cached_input_tokens = s.cached_input_tokens + $12,
                output_tokens = s.output_tokens + $13
            FROM marked WHERE s.summary_id = marked.summary_id),
        spent AS (
            INSERT INTO study.spending AS s (team_id, day, input_tokens, output_tokens)
            SELECT team_id, $14, $11, $13 FROM marked WHERE $11 + $13 > 0
            ON CONFLICT (team_id, day) DO UPDATE SET
                input_tokens = s.input_tokens + excluded.input_tokens, output_tokens = s.output_tokens + excluded.output_tokens)
        SELECT 1 FROM marked
        """;

    // A second end changes nothing.
    private const string End = """
        WITH ended AS (
            UPDATE study.revisions SET state = $3, error = $4, retry_at = $5, finished_at = now()
            WHERE summary_id = $1 AND number = $2 AND finished_at IS NULL
            RETURNING team_id)
        INSERT INTO study.spending AS s (team_id, day, input_tokens, output_tokens)
        SELECT team_id, $6, $7, $8 FROM ended WHERE $7 + $8 > 0
        ON CONFLICT (team_id, day) DO UPDATE SET
            input_tokens = s.input_tokens + excluded.input_tokens, output_tokens = s.output_tokens + excluded.output_tokens
        """;

    /// <summary>Puts a new text in the place of the old one and adds up what it cost: all or nothing.</summary>
    public async Task<StoreOutcome> ReplaceAsync(NewSummary written, CancellationToken cancellationToken)
    {
        var summary = written.Summary;
        await using var command = database.CreateCommand(Replace);
        command.Parameters.AddRange(new[]
        {
            SqlParameters.Id(written.JobId), SqlParameters.Number(summary.Revision), SqlParameters.Time(summary.WrittenAt),
            SqlParameters.Text(summary.Language), SqlParameters.Json(JsonSerializer.Serialize(summary.Content, ContractsJson.Default.SummaryContent)),
            SqlParameters.Number(summary.MessageCount), SqlParameters.Number(summary.LeftOut), SqlParameters.Number(summary.StreakDays),
            SqlParameters.Text(summary.Model), SqlParameters.Text(written.PromptHash), SqlParameters.Number(written.Cost.InputTokens),
            SqlParameters.Number(written.Cost.CachedInputTokens), SqlParameters.Number(written.Cost.OutputTokens), SqlParameters.Day(written.SpentOn),
        });
        return await command.ExecuteScalarAsync(cancellationToken) is null ? StoreOutcome.NotPending : StoreOutcome.Stored;
    }

    /// <summary>Ends a rewriting.</summary>
    public async Task EndAsync(JobEnd end, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(End);
        command.Parameters.AddRange(new[]
        {
            SqlParameters.Id(end.Job.JobId), SqlParameters.Number(end.Job.Revision), SqlParameters.Text($"{end.State}"),
            SqlParameters.Text(end.Error), SqlParameters.Time(end.RetryAt), SqlParameters.Day(end.SpentOn),
            SqlParameters.Number(end.Paid.InputTokens), SqlParameters.Number(end.Paid.OutputTokens),
        });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
