using Npgsql;
using StudyTracker.AppHost.Local.Processes;

namespace StudyTracker.AppHost.Local.Infrastructure;

/// <summary>
/// A PostgreSQL server of this instance's own, on the loopback address, with a generated password. Its data survives kill -9
/// at any time; it is started again when it dies.
/// </summary>
public sealed class LocalPostgres : IAsyncDisposable
{
    private const string Superuser = "studytracker";
    private const string Database = "studytracker";

    private readonly PostgresCluster _cluster;
    private readonly PostgresBinaries _binaries;
    private readonly LocalHostOptions _options;
    private readonly SupervisedProcess _process;

    private LocalPostgres(
        InstanceFolder folder, PostgresCluster cluster, PostgresBinaries binaries, int port, LocalHostOptions options, Action<string> say)
    {
        (_cluster, _binaries, _options, Port) = (cluster, binaries, options, port);
        Password = folder.Secret("postgres-password");
        PassFile = folder.File("pgpass");
        var log = new OutputLog(Path.Combine(folder.Logs, "postgres.log"), options.LogFileMb * 1_000_000L);
        _process = new SupervisedProcess("postgres", Server, log, options, say);
    }

    /// <summary>Its port on the loopback address.</summary>
    public int Port { get; }

    /// <summary>For Npgsql. No GSS and no TLS are tried on the loopback address: both cost a round trip a connection.</summary>
    public string ConnectionString =>
        $"Host=127.0.0.1;Port={Port};Username={Superuser};Password={Password};Database={Database};"
        + "SSL Mode=Disable;GSS Encryption Mode=Disable";

    /// <summary>The command that opens a prompt; it reads the password from a file.</summary>
    public string PsqlCommand => $"PGPASSFILE={PassFile} psql -h 127.0.0.1 -p {Port} -U {Superuser} {Database}";

    /// <summary>Its log file.</summary>
    public string LogPath => _process.Log.FilePath;

    /// <summary>Process id of the server.</summary>
    public int Pid => _process.Pid;

    private string Password { get; }

    private string PassFile { get; }

    /// <summary>Creates the data folder when it is missing, starts the server and waits until it answers.</summary>
    /// <param name="folder">The instance.</param>
    /// <param name="port">A free port.</param>
    /// <param name="options">Limits.</param>
    /// <param name="say">Told what happens, in plain words.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<LocalPostgres> StartAsync(
        InstanceFolder folder, int port, LocalHostOptions options, Action<string> say, CancellationToken cancel = default)
    {
        var cluster = await PostgresCluster.LocateAsync(folder, say, cancel);
        var binaries = PostgresBinaries.For(PostgresBinaries.Installed(), cluster.Data, cluster.MajorVersion());
        var postgres = new LocalPostgres(folder, cluster, binaries, port, options, say);
        try
        {
            await cluster.CreateAsync(binaries, Superuser, postgres.Password, options.Fsync, cancel);
            InstanceFolder.WritePrivate(postgres.PassFile, $"127.0.0.1:{port}:*:{Superuser}:{postgres.Password}\n");
            await postgres.StartAsync(cancel);
            await postgres.CreateDatabaseAsync(cancel);
            return postgres;
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the server, after <see cref="StopAsync"/> or <see cref="StopAtOnceAsync"/>, and waits until it answers.</summary>
    public async Task StartAsync(CancellationToken cancel = default)
    {
        await _cluster.RecoverAsync(_options.StopTimeout);
        await _process.StartAsync();
        await Readiness.WaitAsync("PostgreSQL", AnswersAsync, _process, _options, cancel);
    }

    /// <summary>Stops the server in order: connections are cut, everything is written.</summary>
    public Task StopAsync() => _process.StopAsync(Posix.SigInt, _options.InfrastructureStopTimeout);

    /// <summary>Stops the server as a crash would; it recovers at the next start. For fault tests.</summary>
    public Task StopAtOnceAsync() => _process.StopAsync(Posix.SigQuit, _options.InfrastructureStopTimeout);

    /// <summary>Kills the server with SIGKILL; it is started again after the back-off. For fault tests.</summary>
    public void Kill() => _process.Kill();

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _process.DisposeAsync();
    }

    private ProcessSpec Server() => new(_binaries.Postgres,
    [
        "-D", _cluster.Data,
        "-c", "listen_addresses=127.0.0.1",
        "-c", $"port={Port}",
        "-c", "unix_socket_directories=",
        "-c", $"max_connections={_options.PostgresConnections}",
        "-c", "shared_buffers=128MB",
        "-c", $"fsync={(_options.Fsync ? "on" : "off")}",
        // No standby reads the log, so it needs no more than recovery does.
        "-c", "wal_level=minimal",
        "-c", "max_wal_senders=0",
        "-c", "max_wal_size=1GB",
        "-c", "jit=off",
        "-c", "timezone=UTC",
        "-c", "log_timezone=UTC",
    ])
    {
        User = _cluster.User,
        WorkingDirectory = "/",
        // Not KILL: the postmaster would leave its children and its shared memory behind.
        DeathSignal = "QUIT",
    };

    private async Task<bool> AnswersAsync(CancellationToken cancel)
    {
        try
        {
            await using var connection = new NpgsqlConnection(Maintenance());
            await connection.OpenAsync(cancel);
            return true;
        }
        catch (NpgsqlException e) when (e.SqlState != PostgresErrorCodes.InvalidPassword)
        {
            return false;
        }
    }

    private async Task CreateDatabaseAsync(CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(Maintenance());
        await connection.OpenAsync(cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT 1 FROM pg_database WHERE datname = '{Database}'";
        if (await command.ExecuteScalarAsync(cancel) is null)
        {
            command.CommandText = $"CREATE DATABASE {Database}";
            await command.ExecuteNonQueryAsync(cancel);
        }
    }

    /// <summary>The database that always exists, without a pool: a pooled connection would not notice a restart.</summary>
    private string Maintenance() =>
        new NpgsqlConnectionStringBuilder(ConnectionString) { Database = "postgres", Pooling = false, Timeout = 2 }.ConnectionString;
}
