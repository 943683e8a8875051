using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;

namespace StudyTracker.AppHost.Local;

/// <summary>
/// Limits of the local host. Each can be set in the environment, such as <c>LocalHost__StartTimeout=00:02:00</c>; a value out
/// of its range ends the start with an error that names the key.
/// </summary>
public sealed record LocalHostOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "LocalHost";

    /// <summary>How long a service, PostgreSQL or Redis may take until it is ready. 60 s; 1 s to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long all services together may take to stop, before they are killed. 6 s; 1 s to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>How long PostgreSQL and Redis may each take to stop, before they are killed. 1.5 s; 0.1 s to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan InfrastructureStopTimeout { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>Wait before a process that died is started again; doubles each time. 0.2 s; 10 ms to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan RestartDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest such wait. 5 s; 10 ms to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:10:00")]
    public TimeSpan RestartDelayMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A process that ran this long is healthy: the waits begin anew. 30 s; 1 s to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan HealthyAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a service may die before it was ever ready, until the start is given up. 5; 1 to 100.</summary>
    [Range(1, 100)]
    public int FailedStarts { get; init; } = 5;

    /// <summary>Size at which a log file is put aside as <c>.1</c> and begun anew, in MB. 20; 1 to 1,000.</summary>
    [Range(1, 1000)]
    public int LogFileMb { get; init; } = 20;

    /// <summary>The first of the ports that are preferred. 7080; 1,024 to 32,000, below the ports that systems hand out.</summary>
    [Range(1024, 32000)]
    public int FirstPort { get; init; } = 7080;

    /// <summary>Partitions of each topic of the local Kafka. 12; 1 to 256.</summary>
    [Range(1, 256)]
    public int PartitionCount { get; init; } = 12;

    /// <summary>Whether PostgreSQL waits for the disk. True; false is faster, and loses data when the machine crashes.</summary>
    public bool Fsync { get; init; } = true;

    /// <summary>Connections that PostgreSQL accepts. 400, for a few replicas with a pool of 100 each; 20 to 1,000.</summary>
    [Range(20, 1000)]
    public int PostgresConnections { get; init; } = 400;

    /// <summary>Memory of Redis in MB; beyond it the least recently used entries go. 256; 8 to 65,536.</summary>
    [Range(8, 65536)]
    public int RedisMemoryMb { get; init; } = 256;

    /// <summary>Reads the options from the section <see cref="Section"/> of the environment.</summary>
    public static LocalHostOptions FromEnvironment()
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        try
        {
            return (configuration.GetSection(Section).Get<LocalHostOptions>() ?? new()).Validated();
        }
        catch (InvalidOperationException e)
        {
            throw new LocalHostException(e.InnerException is null ? e.Message : $"{e.Message} {e.InnerException.Message}", e);
        }
    }

    /// <summary>This, when every value is in its range.</summary>
    /// <exception cref="LocalHostException">One is not; the message names its key.</exception>
    public LocalHostOptions Validated()
    {
        List<ValidationResult> errors = [];
        if (!Validator.TryValidateObject(this, new ValidationContext(this), errors, validateAllProperties: true))
        {
            throw new LocalHostException(string.Join(
                '\n', errors.Select(error => $"{Section}:{error.MemberNames.First()}: {error.ErrorMessage}")));
        }

        return this;
    }
}
