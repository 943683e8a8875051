using Microsoft.EntityFrameworkCore;
using Npgsql;
using StudyTracker.Summarizer.Storage;

namespace StudyTracker.Summarizer.Summaries;

/// <summary>Moves jobs along; every step may be repeated.</summary>
internal sealed class SummaryStore(IDbContextFactory<StudyDbContext> contexts)
{
    /// <summary>
    /// Stores a summary and marks its job as written, both or neither. A second summary for the same member, kind and
    /// window cannot get in; whoever comes second finds the first.
    /// </summary>
    public async Task AddAsync(Summary summary, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        var marked = await database.Jobs
            .Where(job => job.JobId == summary.SummaryId && job.State == JobState.Pending)
            .ExecuteUpdateAsync(job => job.SetProperty(row => row.State, JobState.Written), cancellationToken);
        if (marked == 0) return; // another worker with the same record was quicker
        database.Summaries.Add(summary);
        try
        {
            await database.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException error) when (error.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            throw new InvalidOperationException(
                "A summary for this member, kind and window exists already, under another job. Windows must not repeat.", error);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Ends a job; a second end of the same job changes nothing.</summary>
    public async Task FinishAsync(Guid jobId, JobState state, string? error, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        await database.Jobs
            .Where(job => job.JobId == jobId && job.FinishedAt == null)
            .ExecuteUpdateAsync(
                job => job
                    .SetProperty(row => row.State, state)
                    .SetProperty(row => row.Error, error)
                    .SetProperty(row => row.FinishedAt, row => DateTimeOffset.UtcNow),
                cancellationToken);
    }
}
