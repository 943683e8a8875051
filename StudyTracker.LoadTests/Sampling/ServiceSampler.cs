using StudyTracker.AppHost.Local;

namespace StudyTracker.LoadTests.Sampling;

/// <summary>Looks at one service of the local host: its /metrics, and its process.</summary>
internal sealed class ServiceSampler(ServiceProcess service)
{
    private const string GcPause = "dotnet_gc_pause_time_seconds_total";
    private const string Heap = "dotnet_gc_last_collection_heap_size_bytes";
    private const string WorkingSet = "dotnet_process_memory_working_set_bytes";
    private const string Queue = "dotnet_thread_pool_queue_length_total";
    private const string Connections = "kestrel_active_connections";
    private const string Publishing = "studytracker_publisher_in_flight";
    private const string Lag = "studytracker_consumer_lag";
    private const string InFlight = "studytracker_consumer_in_flight";

    private static readonly HashSet<string> _wanted = [GcPause, Heap, WorkingSet, Queue, Connections, Publishing, Lag, InFlight];
    private static readonly string[] _stages = ["intake", "planner", "writer", "delivery"];
    private static readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(3) };

    private readonly Rate _cpu = new();
    private readonly Rate _gc = new();

    /// <summary>Takes a sample. A service that is away has none.</summary>
    public async Task SampleAsync(Series series, CancellationToken cancel)
    {
        var process = ProcessorTime.OfProcess(service.Pid);
        var metrics = await ScrapeAsync(cancel);
        series.Set($"cpu.{service.Name}", _cpu.Of(process?.Seconds, service.Pid) * 100);
        series.Set($"threads.{service.Name}", process?.Threads);
        if (metrics is null) return;
        series.Set($"gc.{service.Name}", _gc.Of(metrics.Sum(GcPause), service.Pid) * 1_000);
        series.Set($"heap.{service.Name}", metrics.Sum(Heap) / 1_048_576);
        series.Set($"memory.{service.Name}", metrics.Sum(WorkingSet) / 1_048_576);
        series.Set($"pool.{service.Name}", metrics.Sum(Queue));
        if (service.Name == ServiceNames.Ingress) series.Set("connections.ingress", metrics.Sum(Connections, $"server_port=\"{service.Url.Port}\""));
        if (service.Name == ServiceNames.Ingress) series.Set("inflight.publisher", metrics.Sum(Publishing));
        foreach (var stage in _stages)
        {
            series.Set($"lag.{stage}", metrics.Sum(Lag, $"stage=\"{stage}\""));
            series.Set($"inflight.{stage}", metrics.Sum(InFlight, $"stage=\"{stage}\""));
        }
    }

    private async Task<PrometheusText?> ScrapeAsync(CancellationToken cancel)
    {
        try
        {
            var text = await _http.GetStringAsync(new Uri(service.ManagementUrl, "/metrics"), cancel);
            await Task.Yield(); // away from the thread that serves the generator's sockets
            return PrometheusText.Parse(text, _wanted);
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }
}
