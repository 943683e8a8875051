using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;
using StudyTracker.Kafka;

namespace StudyTracker.UnitTests.ServiceDefaults.Kafka;

public sealed class PublisherHealthTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly PublisherHealth _health;

    public PublisherHealthTests()
    {
        _time.Advance(TimeSpan.FromHours(1));
        _health = new PublisherHealth(_time);
    }

    [Fact]
    public async Task Before_anything_was_published_there_is_nothing_to_object_to() =>
        (await StatusAsync()).ShouldBe(HealthStatus.Healthy);

    [Fact]
    public async Task Failures_for_longer_than_a_while_and_no_ack_are_unready()
    {
        FailFor(seconds: 4);
        (await StatusAsync()).ShouldBe(HealthStatus.Healthy);

        FailFor(seconds: 2);
        (await StatusAsync()).ShouldBe(HealthStatus.Unhealthy);
    }

    [Fact]
    public async Task One_ack_makes_ready_again()
    {
        FailFor(seconds: 8);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        _health.Acked();

        (await StatusAsync()).ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task Without_requests_for_a_while_it_is_ready_to_try_again()
    {
        FailFor(seconds: 8);
        _time.Advance(TimeSpan.FromSeconds(11));

        (await StatusAsync()).ShouldBe(HealthStatus.Healthy);
    }

    private void FailFor(int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            _health.Failed();
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        _health.Failed();
    }

    private async Task<HealthStatus> StatusAsync() => (await _health.CheckHealthAsync(new HealthCheckContext())).Status;
}
