using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using StudyTracker.Notifier.Pace;
using StudyTracker.Notifier.Slack;

namespace StudyTracker.UnitTests.Notifier.Pace;

public sealed class SlackPaceTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task First_come_first_served()
    {
        var pace = Pace(new PaceOptions { PostsPerSecond = 1, Burst = 1, Replicas = 1 });
        var order = new List<int>();
        var waiting = new List<Task>();
        for (var i = 0; i < 5; i++)
        {
            var number = i;
            waiting.Add(pace.WaitAsync(Post($"U{i}"), Token).ContinueWith(_ => { lock (order) order.Add(number); }, TaskScheduler.Default));
        }

        await LaterAsync(Task.WhenAll(waiting));

        order.ShouldBe([0, 1, 2, 3, 4]);
        (_time.GetUtcNow() - _time.Start).ShouldBeInRange(_second * 4, _second * 6);
    }

    [Fact]
    public async Task One_whose_channel_has_to_wait_holds_up_nobody_else()
    {
        var pace = Pace(new PaceOptions { Replicas = 1 });
        await pace.LimitedAsync(await pace.WaitAsync(Post("U1"), Token), TimeSpan.FromSeconds(5));

        var slow = pace.WaitAsync(Post("U1"), Token);
        for (var i = 2; i < 9; i++) await pace.WaitAsync(Post($"U{i}"), Token).WaitAsync(TimeSpan.FromSeconds(10), Token);

        slow.IsCompleted.ShouldBeFalse();
        _time.GetUtcNow().ShouldBe(_time.Start);
        await LaterAsync(slow);
        (_time.GetUtcNow() - _time.Start).ShouldBeInRange(_second * 5, _second * 7);
    }

    [Fact]
    public async Task A_long_wait_that_Slack_asks_for_is_the_methods_and_no_other_methods()
    {
        var pace = Pace(new PaceOptions { Replicas = 1 });
        await pace.LimitedAsync(await pace.WaitAsync(Post("U1"), Token), TimeSpan.FromSeconds(30));

        var other = pace.WaitAsync(Post("U2"), Token);
        await pace.WaitAsync(new PlaceRequest("T1", SlackMethod.Find, null), Token).WaitAsync(TimeSpan.FromSeconds(10), Token);
        await pace.WaitAsync(new PlaceRequest("T2", SlackMethod.Post, "U1"), Token).WaitAsync(TimeSpan.FromSeconds(10), Token);

        other.IsCompleted.ShouldBeFalse();
        await LaterAsync(other);
        (_time.GetUtcNow() - _time.Start).ShouldBeInRange(_second * 30, _second * 32);
    }

    [Fact]
    public async Task Several_channels_refused_in_a_row_mean_the_workspace_and_one_accepted_between_does_not()
    {
        var pace = Pace(new PaceOptions { RefusedChannels = 3, Replicas = 1 });
        for (var i = 0; i < 2; i++) await pace.LimitedAsync(await pace.WaitAsync(Post($"U{i}"), Token), _second);
        await pace.AcceptedAsync(await pace.WaitAsync(Post("U2"), Token));
        for (var i = 3; i < 5; i++) await pace.LimitedAsync(await pace.WaitAsync(Post($"U{i}"), Token), _second);
        await pace.WaitAsync(Post("U5"), Token).WaitAsync(TimeSpan.FromSeconds(10), Token);

        await pace.LimitedAsync(await pace.WaitAsync(Post("U6"), Token), _second);

        var seventh = pace.WaitAsync(Post("U7"), Token);
        await Task.Delay(50, Token);
        seventh.IsCompleted.ShouldBeFalse();
        await LaterAsync(seventh);
    }

    [Fact]
    public async Task A_refused_call_costs_no_place()
    {
        var pace = Pace(new PaceOptions { PostsPerMinute = 1, PostsPerSecond = 1, Burst = 1, Replicas = 1 });
        await pace.LimitedAsync(await pace.WaitAsync(Post("U1"), Token), _second);

        await pace.WaitAsync(Post("U2"), Token).WaitAsync(TimeSpan.FromSeconds(10), Token);
    }

    [Fact]
    public async Task Whoever_leaves_takes_no_place_with_him()
    {
        var pace = Pace(new PaceOptions { PostsPerMinute = 2, Burst = 1, PostsPerSecond = 1, Replicas = 1 });
        await pace.WaitAsync(Post("U1"), Token);
        using var leave = new CancellationTokenSource();
        var leaving = Enumerable.Range(0, 50).Select(i => pace.WaitAsync(Post($"L{i}"), leave.Token)).ToList();
        var staying = pace.WaitAsync(Post("U2"), Token);

        await leave.CancelAsync();

        foreach (var one in leaving) await Should.ThrowAsync<OperationCanceledException>(() => one);
        await LaterAsync(staying);
        (_time.GetUtcNow() - _time.Start).ShouldBeLessThan(_second * 5);
    }

    [Fact]
    public async Task After_a_refused_token_one_call_at_a_time_knocks_until_one_is_let_in()
    {
        var pace = Pace(new PaceOptions { TokenRetrySeconds = 60, TokenPatienceSeconds = 600, Replicas = 1 });
        await pace.ShutAsync(await pace.WaitAsync(Post("U1"), Token), "token_revoked");
        var waiting = Enumerable.Range(2, 5).Select(i => pace.WaitAsync(Post($"U{i}"), Token)).ToList();
        (await pace.WaitAsync(new PlaceRequest("T2", SlackMethod.Post, "U1"), Token).WaitAsync(TimeSpan.FromSeconds(10), Token)).ClosedFor.ShouldBeNull();

        var knock = await LaterAsync(Task.WhenAny(waiting));
        (_time.GetUtcNow() - _time.Start).ShouldBeInRange(_second * 60, _second * 63);
        await Task.Delay(50, Token);
        waiting.Count(one => one.IsCompleted).ShouldBe(1);

        await pace.AcceptedAsync(await knock);
        await LaterAsync(Task.WhenAll(waiting));
    }

    [Fact]
    public async Task Nobody_waits_for_ever_at_a_workspace_that_refuses_the_token()
    {
        var pace = Pace(new PaceOptions { TokenRetrySeconds = 60, TokenPatienceSeconds = 30, Replicas = 1 });
        await pace.ShutAsync(await pace.WaitAsync(Post("U1"), Token), "token_revoked");
        var waiting = Enumerable.Range(2, 5).Select(i => pace.WaitAsync(Post($"U{i}"), Token)).ToList();

        await LaterAsync(Task.WhenAll(waiting));

        (await Task.WhenAll(waiting)).ShouldAllBe(place => place.ClosedFor == "token_revoked");
        (_time.GetUtcNow() - _time.Start).ShouldBeInRange(_second * 30, _second * 33);
    }

    private static PlaceRequest Post(string channel) => new("T1", SlackMethod.Post, channel);

    private SlackPace Pace(PaceOptions options) => new(
        new LocalPlaces(Options.Create(options), _time), Options.Create(options), Options.Create(new SlackOptions()), _time, NullLogger<SlackPace>.Instance);

    /// <summary>Lets time go on until it is done.</summary>
    private async Task<T> LaterAsync<T>(Task<T> task)
    {
        await LaterAsync((Task)task);
        return await task;
    }

    private async Task LaterAsync(Task task)
    {
        for (var i = 0; i < 2_000 && !task.IsCompleted; i++)
        {
            await Task.Delay(2, Token); // the queue works on another thread
            if (!task.IsCompleted) _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        await task.WaitAsync(TimeSpan.FromSeconds(10), Token);
    }
}
