using CsCheck;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using StudyTracker.Notifier.Pace;
using StudyTracker.Notifier.Slack;

namespace StudyTracker.UnitTests.Notifier.Pace;

public sealed class LocalPlacesTests
{
    private readonly FakeTimeProvider _time = new();
    private int _tickets;

    [Fact]
    public async Task A_burst_goes_out_at_once_and_then_so_many_a_second()
    {
        var places = Places(new PaceOptions { Burst = 3, PostsPerSecond = 2, Replicas = 1 });

        for (var i = 0; i < 3; i++) (await TakeAsync(places)).Wait.ShouldBe(TimeSpan.Zero);
        (await TakeAsync(places)).ShouldBe(new PlaceAnswer(TimeSpan.FromSeconds(0.5), PaceScope.Method));
        _time.Advance(TimeSpan.FromSeconds(0.5));
        (await TakeAsync(places)).Wait.ShouldBe(TimeSpan.Zero);
        (await TakeAsync(places)).Wait.ShouldBe(TimeSpan.FromSeconds(0.5));
    }

    [Fact]
    public async Task A_minute_that_is_full_is_waited_for()
    {
        var places = Places(new PaceOptions { PostsPerMinute = 5, PostsPerSecond = 10, Burst = 100, MarginMs = 250, Replicas = 1 });
        for (var i = 0; i < 5; i++)
        {
            (await TakeAsync(places)).Wait.ShouldBe(TimeSpan.Zero);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        (await TakeAsync(places)).ShouldBe(new PlaceAnswer(TimeSpan.FromSeconds(55.25), PaceScope.Method));
        (await TakeAsync(places, team: "T2")).Wait.ShouldBe(TimeSpan.Zero);
        _time.Advance(TimeSpan.FromSeconds(55.25));
        (await TakeAsync(places)).Wait.ShouldBe(TimeSpan.Zero);
        (await TakeAsync(places)).Wait.ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_channel_takes_one_a_second_after_a_small_burst_and_others_are_free()
    {
        var places = Places(new PaceOptions { ChannelBurst = 2, Replicas = 1 });

        for (var i = 0; i < 2; i++) (await TakeAsync(places, channel: "U1")).Wait.ShouldBe(TimeSpan.Zero);
        (await TakeAsync(places, channel: "U1")).ShouldBe(new PlaceAnswer(TimeSpan.FromSeconds(1), PaceScope.Channel));
        (await TakeAsync(places, channel: "U2")).Wait.ShouldBe(TimeSpan.Zero);
        _time.Advance(TimeSpan.FromSeconds(1));
        (await TakeAsync(places, channel: "U1")).Wait.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_place_that_is_given_back_can_be_taken_again_and_only_once()
    {
        var places = Places(new PaceOptions { PostsPerMinute = 1, PostsPerSecond = 1, ChannelBurst = 1, Burst = 1, Replicas = 1 });
        var request = new PlaceRequest("T1", SlackMethod.Post, "U1");
        (await places.TakeAsync(request, "a")).Wait.ShouldBe(TimeSpan.Zero);
        (await places.TakeAsync(request, "b")).Wait.ShouldBeGreaterThan(TimeSpan.Zero);

        await places.ReturnAsync(request, "a");
        await places.ReturnAsync(request, "a");

        (await places.TakeAsync(request, "b")).Wait.ShouldBe(TimeSpan.Zero);
        (await places.TakeAsync(request, "c")).Wait.ShouldBeGreaterThan(TimeSpan.Zero);
    }

    [Theory]
    [InlineData("Channel", "T1", "Post", "U1")]
    [InlineData("Method", "T1", "Post", "U1 U2")]
    [InlineData("Workspace", "T1", "Post Find", "U1 U2")]
    public async Task A_pause_is_of_its_scope_and_of_nothing_else(string scope, string team, string methods, string channels)
    {
        var places = Places(new PaceOptions { Replicas = 1 });
        await places.PauseAsync(new PlaceRequest("T1", SlackMethod.Post, "U1"), Enum.Parse<PaceScope>(scope), TimeSpan.FromSeconds(30));
        await places.PauseAsync(new PlaceRequest("T1", SlackMethod.Post, "U1"), Enum.Parse<PaceScope>(scope), TimeSpan.FromSeconds(2)); // shortens nothing

        foreach (var request in new PlaceRequest[]
        {
            new("T1", SlackMethod.Post, "U1"), new("T1", SlackMethod.Post, "U2"), new("T1", SlackMethod.Find, null), new("T2", SlackMethod.Post, "U1"),
        })
        {
            var paused = request.TeamId == team && methods.Contains($"{request.Method}", StringComparison.Ordinal)
                && (request.Channel is null || channels.Contains(request.Channel, StringComparison.Ordinal));
            (await places.TakeAsync(request, NewTicket())).Wait.ShouldBe(paused ? TimeSpan.FromSeconds(30) : TimeSpan.Zero, $"{request}");
        }
    }

    [Fact]
    public async Task One_of_several_replicas_takes_its_share()
    {
        var places = Places(new PaceOptions { PostsPerMinute = 90, PostsPerSecond = 10, Burst = 30, Replicas = 3 });

        for (var i = 0; i < 10; i++) (await TakeAsync(places)).Wait.ShouldBe(TimeSpan.Zero);
        (await TakeAsync(places)).Wait.ShouldBe(TimeSpan.FromSeconds(0.3));
    }

    [Fact]
    public void In_no_minute_go_out_more_than_the_pace() =>
        Gen.Select(Gen.Int[1, 120], Gen.Int[1, 20], Gen.Int[1, 20], Gen.Int[0, 4_000].Array[50, 200]).Sample(
            (perMinute, perSecond, burst, steps) =>
            {
                var time = new FakeTimeProvider();
                var set = new PaceOptions { PostsPerMinute = perMinute, PostsPerSecond = perSecond, Burst = burst, Replicas = 1 };
                var places = new LocalPlaces(Options.Create(set), time);
                var posts = new List<DateTimeOffset>();
                var ticket = 0;
                foreach (var step in steps)
                {
                    time.Advance(TimeSpan.FromMilliseconds(step));
                    if (places.TakeAsync(new PlaceRequest("T1", SlackMethod.Post, $"U{step % 7}"), $"{ticket++}").AsTask().GetAwaiter().GetResult().Wait == TimeSpan.Zero)
                        posts.Add(time.GetUtcNow());
                }

                foreach (var from in posts)
                {
                    posts.Count(post => post >= from && post < from.AddMinutes(1)).ShouldBeLessThanOrEqualTo(perMinute);
                    posts.Count(post => post >= from && post < from.AddSeconds(1)).ShouldBeLessThanOrEqualTo(perSecond + burst);
                }
            },
            iter: 100);

    private LocalPlaces Places(PaceOptions options) => new(Options.Create(options), _time);

    private ValueTask<PlaceAnswer> TakeAsync(LocalPlaces places, string team = "T1", string? channel = null) =>
        places.TakeAsync(new PlaceRequest(team, SlackMethod.Post, channel ?? NewTicket()), NewTicket());

    private string NewTicket() => $"{_tickets++}";
}
