using StudyTracker.Sandbox.Events;
using StudyTracker.Sandbox.Ledger;

namespace StudyTracker.UnitTests.Sandbox;

public sealed class DeliveryPlanTests
{
    private static readonly TimeSpan[] _delays = [TimeSpan.Zero, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5)];

    [Fact]
    public void The_first_attempt_carries_no_retry_headers_and_waits_for_nothing()
    {
        var plan = After(1);

        plan.State.ShouldBe(EventState.Pending);
        plan.Next.ShouldBe(new NextAttempt(0, null, TimeSpan.Zero));
    }

    [Fact]
    public void Retries_follow_at_once_then_after_one_and_after_five_minutes_and_then_it_is_given_up()
    {
        After(1, 503).Next.ShouldBe(new NextAttempt(1, "http_error", TimeSpan.Zero));
        After(1, 503, 503).Next.ShouldBe(new NextAttempt(2, "http_error", TimeSpan.FromMinutes(1)));
        After(1, 503, 503, null).Next.ShouldBe(new NextAttempt(3, "http_timeout", TimeSpan.FromMinutes(5)));
        After(1, 503, 503, 503, 503).ShouldBe(new DeliveryPlan(EventState.Failed, null));
        After(1, 503, 503, 503, 401).ShouldBe(new DeliveryPlan(EventState.Refused, null));
    }

    [Fact]
    public void An_accepted_event_is_not_retried()
    {
        After(1, 200).ShouldBe(new DeliveryPlan(EventState.Accepted, null));
        After(1, 503, 204).ShouldBe(new DeliveryPlan(EventState.Accepted, null));
    }

    [Fact]
    public void An_event_that_is_wanted_three_times_is_delivered_again_as_if_the_answer_had_been_lost()
    {
        After(3, 200).Next.ShouldBe(new NextAttempt(1, "http_timeout", TimeSpan.Zero));
        After(3, 200, 200).Next.ShouldBe(new NextAttempt(2, "http_timeout", TimeSpan.Zero));
        After(3, 200, 200, 200).Next.ShouldBeNull();
        After(3, 503, 200, 200).Next.ShouldNotBeNull();
        After(3, 200, 503, 503).Next.ShouldBeNull();
    }

    [Fact]
    public void A_receiver_that_wants_no_retry_gets_none() =>
        DeliveryPlan.After([Attempt(400) with { NoRetry = true }], 1, forged: false, _delays).ShouldBe(new DeliveryPlan(EventState.Refused, null));

    [Fact]
    public void A_forged_request_is_never_retried()
    {
        DeliveryPlan.After([Attempt(401)], 1, forged: true, _delays).ShouldBe(new DeliveryPlan(EventState.Refused, null));
        DeliveryPlan.After([Attempt(503)], 1, forged: true, _delays).ShouldBe(new DeliveryPlan(EventState.Failed, null));
        DeliveryPlan.After([Attempt(200)], 1, forged: true, _delays).ShouldBe(new DeliveryPlan(EventState.Accepted, null));
    }

    private static DeliveryPlan After(int times, params int?[] statuses)
    {
        var attempts = new List<AttemptMade>();
        foreach (var status in statuses)
        {
            var retryNum = DeliveryPlan.After(attempts, times, forged: false, _delays).Next?.RetryNum ?? 0;
            attempts.Add(Attempt(status) with { RetryNum = retryNum });
        }

        return DeliveryPlan.After(attempts, times, forged: false, _delays);
    }

    private static AttemptMade Attempt(int? status) =>
        new(DateTimeOffset.UnixEpoch, "Ev1", status, 1, status switch { null => "http_timeout", < 300 => null, _ => "http_error" }, 0);
}
