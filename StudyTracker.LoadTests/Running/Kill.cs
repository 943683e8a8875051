using System.Globalization;
using StudyTracker.AppHost.Local;
using StudyTracker.LoadTests.Targets;

namespace StudyTracker.LoadTests.Running;

/// <summary>A service to kill with -9 on the way.</summary>
/// <param name="Service">Its name.</param>
/// <param name="Share">After which share of the load's length, 0 to 1.</param>
internal sealed record Kill(string Service, double Share)
{
    /// <summary>Reads <c>summarizer@0.5,notifier@0.7</c>.</summary>
    /// <exception cref="LoadException">It is not of that form.</exception>
    public static IReadOnlyList<Kill> Parse(string text) => [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(one =>
        one.Split('@') is [{ Length: > 0 } service, var at]
        && double.TryParse(at, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) && share is >= 0 and <= 1
            ? new Kill(service, share)
            : throw new LoadException($"'{one}' says not whom to kill and when: write it as summarizer@0.5, for the middle of the load."))];

    /// <summary>The process to kill.</summary>
    /// <exception cref="LoadException">It is not this run's to kill.</exception>
    public ServiceProcess ProcessOf(LoadTarget target) => target.Host is { } host && host.Services.TryGetValue(Service, out var process)
        ? process
        : throw new LoadException($"'{Service}' cannot be killed: it is no service of a host that this run has started.");
}
