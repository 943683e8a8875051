using Npgsql;

namespace StudyTracker.FunctionalTests.Support;

internal sealed record MessageRow(string Ts, string Text, decimal Version, decimal? DeletedTs, string EventId);

internal sealed record SummaryRow(Guid Id, string RunId, int MessageCount, DateTime WindowStart, DateTime WindowEnd);

internal sealed record DeliveryRow(Guid SummaryId, string State, int Attempts, string? Error);

/// <summary>What stands in Postgres about a learner or a run.</summary>
internal sealed class Rows(string connectionString) : IAsyncDisposable
{
    // No pool: its connections would not survive the tests that stop PostgreSQL.
    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create($"{connectionString};Pooling=false");

    public Task<List<MessageRow>> MessagesAsync(Learner learner) => QueryAsync(
        "SELECT ts, text, version, deleted_ts, event_id FROM study.messages WHERE team_id = $1 AND user_id = $2 ORDER BY ts",
        row => new MessageRow(row.GetString(0), row.GetString(1), row.GetDecimal(2), row.IsDBNull(3) ? null : row.GetDecimal(3), row.GetString(4)),
        learner.TeamId,
        learner.UserId);

    /// <summary>The event ids of all messages of a workspace, one for each row.</summary>
    public Task<List<string>> EventIdsAsync(string teamId) =>
        QueryAsync("SELECT event_id FROM study.messages WHERE team_id = $1", row => row.GetString(0), teamId);

    public Task<List<SummaryRow>> SummariesAsync(Learner learner) => QueryAsync(
        """
        SELECT summary_id, run_id, message_count, window_start, window_end FROM study.summaries
        WHERE team_id = $1 AND user_id = $2 ORDER BY window_end
        """,
        row => new SummaryRow(row.GetGuid(0), row.GetString(1), row.GetInt32(2), row.GetDateTime(3), row.GetDateTime(4)),
        learner.TeamId,
        learner.UserId);

    public Task<List<DeliveryRow>> DeliveriesAsync(Learner learner) => QueryAsync(
        "SELECT summary_id, state, attempts, error FROM delivery.deliveries WHERE team_id = $1 AND user_id = $2",
        row => new DeliveryRow(row.GetGuid(0), row.GetString(1), row.GetInt32(2), row.IsDBNull(3) ? null : row.GetString(3)),
        learner.TeamId,
        learner.UserId);

    /// <summary>The states of a run's jobs, one for each job.</summary>
    public Task<List<string>> JobStatesAsync(string runId) =>
        QueryAsync("SELECT state FROM study.jobs WHERE run_id = $1", row => row.GetString(0), runId);

    public async Task<List<T>> QueryAsync<T>(string sql, Func<NpgsqlDataReader, T> read, params object[] parameters)
    {
        await using var command = _database.CreateCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        var rows = new List<T>();
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        while (await reader.ReadAsync(TestContext.Current.CancellationToken)) rows.Add(read(reader));
        return rows;
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
