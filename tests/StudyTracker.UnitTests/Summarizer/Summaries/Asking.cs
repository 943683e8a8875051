using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StudyTracker.Summarizer.Summaries;

namespace StudyTracker.UnitTests.Summarizer.Summaries;

/// <summary>The real client, on the wire to a server of a test.</summary>
internal static class Asking
{
    public static SummaryModel Model(ModelServer server, Action<ModelOptions>? with = null, ILogger<SummaryModel>? logger = null)
    {
        var options = new ModelOptions
        {
            ApiKey = "a-key-of-nobody",
            Endpoint = server.Endpoint,
            MaxAttempts = 3,
            TimeoutSeconds = 5,
            BreakAfterFailures = 4,
            BreakSeconds = 1,
            SharePace = false,
        };
        with?.Invoke(options);
        var pace = new ModelPace(null!, Options.Create(options), TimeProvider.System);
        return new SummaryModel(ModelConnection.Create(options), Options.Create(options), pace, TimeProvider.System, logger ?? NullLogger<SummaryModel>.Instance);
    }
}

/// <summary>Keeps what is logged at Information and above.</summary>
internal sealed class Lines : ILogger<SummaryModel>
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyList<string> All => [.. _lines];

    public List<string> Where(string words) => [.. _lines.Where(line => line.Contains(words, StringComparison.Ordinal))];

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");
}
