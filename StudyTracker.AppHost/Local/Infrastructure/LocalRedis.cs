using System.Net;
using System.Net.Sockets;
using System.Text;
using StudyTracker.AppHost.Local.Processes;

namespace StudyTracker.AppHost.Local.Infrastructure;

/// <summary>
/// A Redis server of this instance's own, on the loopback address, with a generated password. It is a cache: it keeps nothing
/// over a restart and drops what was least recently used when its memory is full. It is started again when it dies.
/// </summary>
public sealed class LocalRedis : IAsyncDisposable
{
    private readonly LocalHostOptions _options;
    private readonly SupervisedProcess _process;
    private readonly string _password;

    private LocalRedis(InstanceFolder folder, string program, int port, LocalHostOptions options, Action<string> say)
    {
        (_options, Port, _password) = (options, port, folder.Secret("redis-password"));
        var configuration = folder.File("redis.conf");
        // In a file, because a command line can be read by every user of the machine.
        InstanceFolder.WritePrivate(configuration, Configuration(port, _password, options.RedisMemoryMb, folder.FullPath));
        var log = new OutputLog(Path.Combine(folder.Logs, "redis.log"), options.LogFileMb * 1_000_000L);
        _process = new SupervisedProcess("redis", () => new ProcessSpec(program, [configuration]), log, options, say);
    }

    /// <summary>Its port on the loopback address.</summary>
    public int Port { get; }

    /// <summary>For StackExchange.Redis.</summary>
    public string ConnectionString => $"127.0.0.1:{Port},password={_password}";

    /// <summary>Its log file.</summary>
    public string LogPath => _process.Log.FilePath;

    /// <summary>Process id of the server.</summary>
    public int Pid => _process.Pid;

    /// <summary>Starts the server and waits until it answers.</summary>
    /// <param name="folder">The instance.</param>
    /// <param name="port">A free port.</param>
    /// <param name="options">Limits.</param>
    /// <param name="say">Told what happens, in plain words.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<LocalRedis> StartAsync(
        InstanceFolder folder, int port, LocalHostOptions options, Action<string> say, CancellationToken cancel = default)
    {
        var program = Launcher.FindInPath("redis-server") ?? throw new LocalHostException(
            "Redis is not installed. Install it (on Debian and Ubuntu: apt-get install redis-server), "
            + "or set ConnectionStrings__redis to a server of your own.");
        var redis = new LocalRedis(folder, program, port, options, say);
        try
        {
            await redis.StartAsync(cancel);
            return redis;
        }
        catch
        {
            await redis.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the server after <see cref="StopAsync"/> and waits until it answers.</summary>
    public async Task StartAsync(CancellationToken cancel = default)
    {
        await _process.StartAsync();
        await Readiness.WaitAsync("Redis", AnswersAsync, _process, _options, cancel);
    }

    /// <summary>Stops the server; what it held is gone.</summary>
    public Task StopAsync() => _process.StopAsync(Posix.SigTerm, _options.InfrastructureStopTimeout);

    /// <summary>Kills the server with SIGKILL; it is started again after the back-off. For fault tests.</summary>
    public void Kill() => _process.Kill();

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _process.DisposeAsync();
    }

    /// <summary>The configuration file.</summary>
    internal static string Configuration(int port, string password, int memoryMb, string folder) =>
        $"""
        bind 127.0.0.1
        port {port}
        requirepass {password}
        dir "{folder}"
        maxmemory {memoryMb}mb
        maxmemory-policy allkeys-lru
        save ""
        appendonly no
        daemonize no

        """;

    private async Task<bool> AnswersAsync(CancellationToken cancel)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port, cancel);
            var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"AUTH {_password}\r\nPING\r\nQUIT\r\n"), cancel);
            using var reader = new StreamReader(stream, Encoding.ASCII);
            return (await reader.ReadToEndAsync(cancel)).Contains("+PONG", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
    }
}
