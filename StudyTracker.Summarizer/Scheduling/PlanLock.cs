using Npgsql;

namespace StudyTracker.Summarizer.Scheduling;

/// <summary>
/// Who computes due times or plans does it alone, until the end of its transaction: two pages of two runs must not look at the
/// same coverage.
/// </summary>
internal static class PlanLock
{
    private const string Take = "SELECT pg_advisory_xact_lock(hashtextextended('study.plan', 0))";

    public static async Task TakeAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Take, connection, transaction);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
