using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using StudyTracker.Notifier.Slack;
using StudyTracker.Telemetry;

namespace StudyTracker.Notifier.Pace;

/// <summary>
/// Keeps all replicas together below Slack's limits, and quiet where and for as long as Slack asks for it. Every call takes a
/// place first, and tells afterwards how it ended.
/// </summary>
internal sealed partial class SlackPace
{
    private static readonly TimeSpan _defaultQuiet = TimeSpan.FromSeconds(1);

    private static readonly Counter<long> _pauses = Instruments.Meter.CreateCounter<long>(
        "studytracker.delivery.pauses", "{pause}", "Pauses that Slack asked for, by scope: channel, method or workspace.");

    private static readonly Histogram<double> _waits = Instruments.Meter.CreateHistogram<double>(
        "studytracker.delivery.pace_wait", "s", "How long calls waited for their place in the pace, by method.");

    private readonly IPlaces _places;
    private readonly PaceOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<SlackPace> _logger;
    private readonly TimeSpan _callTimeout;
    private readonly string _replica = Guid.NewGuid().ToString("n");
    private readonly ConcurrentDictionary<string, Door> _doors = new();
    private readonly ConcurrentDictionary<(string Team, SlackMethod Method), PlaceQueue> _queues = new();
    private readonly ConcurrentDictionary<string, HashSet<string>> _refused = new();
    private long _tickets;

    public SlackPace(IPlaces places, IOptions<PaceOptions> options, IOptions<SlackOptions> slack, TimeProvider time, ILogger<SlackPace> logger)
    {
        (_places, _options, _time, _logger) = (places, options.Value, time, logger);
        _callTimeout = TimeSpan.FromSeconds(slack.Value.TimeoutSeconds);
        Instruments.Meter.CreateObservableGauge(
            "studytracker.delivery.waiting", () => _queues.Values.Sum(queue => queue.Count), "{delivery}", "Deliveries that wait for their place in the pace.");
    }

    /// <summary>Has its counters start at 0.</summary>
    public static void CountFromZero(IServiceCollection services) => services.CountFromZero(_pauses, ("scope", ZeroCounts.Labels<PaceScope>()));

    /// <summary>Waits for a place, for as long as it takes; who is cancelled takes none.</summary>
    public async Task<Place> WaitAsync(PlaceRequest request, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var waiter = new Waiter(request, $"{_replica}:{Interlocked.Increment(ref _tickets)}");
        var place = await Queue(request).WaitAsync(waiter, cancellationToken);
        _waits.Record(_time.GetElapsedTime(started).TotalSeconds, new KeyValuePair<string, object?>("method", request.Method.Name()));
        return place;
    }

    /// <summary>Takes a place if there is one now; else tells for how long there is none. Nobody knocks at a shut door for it.</summary>
    public async Task<(Place? Place, TimeSpan Wait)> TryTakeAsync(PlaceRequest request)
    {
        var place = new Place(request, $"{_replica}:{Interlocked.Increment(ref _tickets)}");
        var answer = await _places.TakeAsync(request, place.Ticket);
        return answer.Wait > TimeSpan.Zero ? (null, answer.Wait) : (place, TimeSpan.Zero);
    }

    /// <summary>The call is not made, or Slack is known not to have counted it.</summary>
    public async Task ReturnAsync(Place place)
    {
        if (place.ClosedFor is not null) return;
        Door(place.Request.TeamId).TurnBack();
        await GiveBackAsync(place);
    }

    /// <summary>The call came through: Slack answered, whatever it said.</summary>
    public async Task AcceptedAsync(Place place)
    {
        if (place.Request.Channel is not null && _refused.TryGetValue(place.Request.TeamId, out var refused))
        {
            lock (refused) refused.Clear();
        }

        if (!Door(place.Request.TeamId).Open()) return;
        LogOpen(place.Request.TeamId);
        await ResumeAsync(place.Request.TeamId);
    }

    /// <summary>The workspace has given us a new token: what was paused because of the old one goes on.</summary>
    public async Task ReopenAsync(string teamId)
    {
        Door(teamId).Open();
        await ResumeAsync(teamId);
    }

    /// <summary>Slack's rate limit: pauses what it concerns, and nothing else.</summary>
    public async Task LimitedAsync(Place place, TimeSpan? retryAfter)
    {
        var scope = ScopeOf(place.Request, retryAfter);
        _pauses.Add(1, new KeyValuePair<string, object?>("scope", scope.Label()));
        await _places.PauseAsync(place.Request, scope, retryAfter ?? _defaultQuiet);
        await ReturnAsync(place); // Slack does not count what it refuses
    }

    /// <summary>Slack refuses the workspace's token: nothing is called there for a while, and then by one at a time.</summary>
    public async Task ShutAsync(Place place, string error)
    {
        var quiet = TimeSpan.FromSeconds(_options.TokenRetrySeconds);
        _pauses.Add(1, new KeyValuePair<string, object?>("scope", PaceScope.Workspace.Label()));
        await _places.PauseAsync(place.Request, PaceScope.Workspace, quiet);
        if (Door(place.Request.TeamId).Shut(error, quiet)) LogShut(place.Request.TeamId, error, quiet.TotalSeconds, _options.TokenPatienceSeconds);
        await GiveBackAsync(place);
    }

    /// <summary>
    /// What a 429 is about: for posts a channel or the workspace's posts, which Slack does not say. A channel is free again
    /// within seconds, and several channels in a row are no coincidence. Other methods have a limit by workspace only.
    /// </summary>
    private PaceScope ScopeOf(PlaceRequest request, TimeSpan? retryAfter)
    {
        if (request.Channel is null || retryAfter > TimeSpan.FromSeconds(_options.ChannelRetryAfterSeconds)) return PaceScope.Method;
        var refused = _refused.GetOrAdd(request.TeamId, _ => []);
        lock (refused)
        {
            refused.Add(request.Channel);
            if (refused.Count < _options.RefusedChannels) return PaceScope.Channel;
            refused.Clear();
            return PaceScope.Method;
        }
    }

    private async Task GiveBackAsync(Place place)
    {
        await _places.ReturnAsync(place.Request, place.Ticket);
        Queue(place.Request).Wake();
    }

    private async Task ResumeAsync(string teamId)
    {
        await _places.ResumeAsync(teamId);
        foreach (var (key, queue) in _queues)
        {
            if (key.Team == teamId) queue.Wake();
        }
    }

    private Door Door(string teamId) =>
        _doors.GetOrAdd(teamId, _ => new Door(_time, TimeSpan.FromSeconds(_options.TokenPatienceSeconds), _callTimeout * 2));

    private PlaceQueue Queue(PlaceRequest request) =>
        _queues.GetOrAdd((request.TeamId, request.Method), _ => new PlaceQueue(_places, Door(request.TeamId), _time));

    [LoggerMessage(LogLevel.Error, "Slack refuses the bot token of workspace {TeamId} ({Error}); check Slack:BotToken or Slack:BotTokens, or have the app installed there again. It is tried again every {QuietSeconds:0} s; after {PatienceSeconds} s deliveries are parked")]
    private partial void LogShut(string teamId, string error, double quietSeconds, int patienceSeconds);

    [LoggerMessage(LogLevel.Information, "Slack accepts the bot token of workspace {TeamId} again; POST /parked/replay sends what was parked meanwhile")]
    private partial void LogOpen(string teamId);
}
