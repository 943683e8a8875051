using Microsoft.Extensions.Options;
using Npgsql;
using StudyTracker.Contracts;
using StudyTracker.Summarizer.Storage;

namespace StudyTracker.Summarizer.Revisions;

/// <summary>Tells how many of a member's summaries are being written anew, from the change of a message on.</summary>
internal sealed class OpenRevisions(NpgsqlDataSource database, IOptions<RevisionOptions> options)
{
    // A change that has not settled yet counts for the summaries that still follow their messages.
    private const string Count = """
        SELECT count(*)::int FROM (
            SELECT r.summary_id FROM study.revisions r WHERE (r.team_id, r.user_id) = ($1, $2) AND r.finished_at IS NULL
            UNION
            SELECT j.job_id
            FROM study.message_edits e
            JOIN study.jobs j ON (j.team_id, j.user_id) = (e.team_id, e.user_id) AND e.seq > j.after_seq AND e.seq <= j.to_seq
            JOIN study.summaries s ON s.summary_id = j.job_id
            WHERE (e.team_id, e.user_id) = ($1, $2) AND e.changed_at <= s.created_at + $3) AS open
        """;

    public async Task<int> CountAsync(MemberKey member, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Count);
        command.Parameters.AddRange(new[]
        {
            SqlParameters.Text(member.TeamId), SqlParameters.Text(member.UserId), SqlParameters.Length(TimeSpan.FromHours(options.Value.WithinHours)),
        });
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
