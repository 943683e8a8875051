using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace StudyTracker.Telemetry;

/// <summary>
/// Counters that are there from the start, at 0 for each value of their labels that is known beforehand: a series that appears with
/// its first event has no increase then, so an alert on it sleeps through the first failure.
/// </summary>
public static class ZeroCounts
{
    /// <summary>Has a counter start at 0 for every combination of the given values.</summary>
    /// <param name="services">The service's.</param>
    /// <param name="counter">The counter.</param>
    /// <param name="labels">Its labels, and the values of each that are known.</param>
    public static void CountFromZero(this IServiceCollection services, Counter<long> counter, params (string Label, IEnumerable<string> Values)[] labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        IEnumerable<KeyValuePair<string, object?>[]> series = [[]];
        foreach (var (label, values) in labels)
            series = [.. series.SelectMany(one => values.Select(value => (KeyValuePair<string, object?>[])[.. one, new(label, value)]))];
        services.AddSingleton(new ZeroCount(counter, [.. series]));
    }

    /// <summary>The word by which a label calls a value: lower case, with underscores.</summary>
    public static string Label(this Enum value) => JsonNamingPolicy.SnakeCaseLower.ConvertName($"{value}");

    /// <summary>The words for all values of a type.</summary>
    public static IEnumerable<string> Labels<T>()
        where T : struct, Enum => Enum.GetValues<T>().Select(value => value.Label());
}

/// <summary>A counter with the series that it starts with.</summary>
internal sealed record ZeroCount(Counter<long> Counter, KeyValuePair<string, object?>[][] Series);

/// <summary>Counts nothing once for each series, when the metrics are listened to.</summary>
internal sealed class ZeroCounter(IEnumerable<ZeroCount> counts) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var (counter, all) in counts)
        {
            foreach (var series in all) counter.Add(0, series);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
