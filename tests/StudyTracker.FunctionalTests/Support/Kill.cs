using StudyTracker.AppHost.Local;

namespace StudyTracker.FunctionalTests.Support;

/// <summary>A moment at which a service is to be killed.</summary>
internal sealed class Kill
{
    private readonly ServiceProcess _service;
    private readonly string _armed;
    private readonly int _restartsBefore;

    public Kill(LocalHost host, string service, string moment)
    {
        _service = host.Services[service];
        _restartsBefore = _service.Restarts;
        _armed = Path.Combine(host.Folder.FailPoints, moment);
        File.WriteAllText(_armed, "");
    }

    /// <summary>Waits until it has happened and the service is back.</summary>
    public async Task HappenedAsync()
    {
        try
        {
            await Eventually.HoldsAsync(() => File.Exists(_armed).ShouldBeFalse($"{_armed} was not reached"));
        }
        finally
        {
            File.Delete(_armed);
        }

        await Eventually.HoldsAsync(() => _service.Restarts.ShouldBeGreaterThan(_restartsBefore));
        await _service.WaitReadyAsync(TestContext.Current.CancellationToken);
    }
}
