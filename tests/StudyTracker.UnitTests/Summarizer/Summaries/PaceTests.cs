using CsCheck;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using StudyTracker.Summarizer.Summaries;

namespace StudyTracker.UnitTests.Summarizer.Summaries;

/// <summary>What keeps the model's server from being asked too much, each by itself.</summary>
public sealed class PaceTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 13, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData(10, 0)]
    [InlineData(60, 0)]
    [InlineData(600, 0)]
    [InlineData(0, 60_000)]
    public async Task No_minute_ever_has_more_than_its_limit(int calls, int tokens)
    {
        const int tokensOfACall = 1_000;
        var pace = Pace(calls, tokens);
        var times = new List<double>();
        for (var call = 0; call < 1_500; call++)
        {
            var wait = await pace.ReserveAsync(tokensOfACall, TimeSpan.FromHours(10));
            times.Add((_time.GetUtcNow() - DateTimeOffset.UnixEpoch + wait).TotalSeconds);
            if (call % 100 == 99) _time.Advance(_second * 100); // a pause must not let a burst through
        }

        var most = calls > 0 ? calls : tokens / tokensOfACall;
        for (var (first, last) = (0, 0); last < times.Count; last++)
        {
            while (times[last] - times[first] >= 60) first++;
            (last - first + 1).ShouldBeLessThanOrEqualTo(most);
        }
    }

    [Fact]
    public async Task Whoever_would_wait_too_long_takes_no_place_and_comes_back_one_after_the_other()
    {
        var pace = Pace(60, 0);
        while (await pace.ReserveAsync(1, _second) <= _second)
        {
            // Until the next second is full.
        }

        var returns = new List<TimeSpan>();
        for (var call = 0; call < 3; call++) returns.Add(await pace.ReserveAsync(1, _second));

        (returns[1] - returns[0]).TotalSeconds.ShouldBe(62.0 / 60, 0.01);
        (returns[2] - returns[1]).TotalSeconds.ShouldBe(62.0 / 60, 0.01);
        _time.Advance(_second * 3);
        (await pace.ReserveAsync(1, _second)).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task Quiet_holds_for_every_call_also_without_a_limit()
    {
        var pace = Pace(0, 0);
        (await pace.ReserveAsync(1, _second)).ShouldBe(TimeSpan.Zero);

        await pace.QuietenAsync(_second * 30);

        (await pace.ReserveAsync(1, _second)).TotalSeconds.ShouldBeInRange(30, 31);
        _time.Advance(_second * 30);
        (await pace.ReserveAsync(1, _second)).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void A_circuit_opens_after_failures_in_a_row_lets_one_probe_and_opens_for_longer()
    {
        var circuit = new CircuitBreaker(3, _second * 10, _time);
        (circuit.Failed(), circuit.Failed()).ShouldBe((false, false));
        circuit.Succeeded();
        (circuit.Failed(), circuit.Failed(), circuit.IsOpen).ShouldBe((false, false, false));
        circuit.Failed().ShouldBeTrue();
        circuit.TryEnter(out var wait).ShouldBeFalse();
        wait.ShouldBe(_second * 10);

        _time.Advance(_second * 10);
        circuit.TryEnter(out _).ShouldBeTrue();
        circuit.TryEnter(out _).ShouldBeFalse(); // one probe at a time
        circuit.Failed().ShouldBeTrue();
        circuit.TryEnter(out wait).ShouldBeFalse();
        wait.ShouldBe(_second * 20);

        _time.Advance(_second * 20);
        circuit.TryEnter(out _).ShouldBeTrue();
        circuit.Abandoned();
        circuit.TryEnter(out _).ShouldBeTrue();
        circuit.Succeeded();
        (circuit.IsOpen, circuit.TryEnter(out _), circuit.TryEnter(out _)).ShouldBe((false, true, true));
    }

    [Fact]
    public void A_failure_that_everybody_would_meet_opens_it_at_once()
    {
        var circuit = new CircuitBreaker(3, _second, _time);

        circuit.Failed(everybody: true).ShouldBeTrue();
        circuit.IsOpen.ShouldBeTrue();
        circuit.Failed().ShouldBeFalse(); // one that was under way when it opened
    }

    [Fact]
    public void Repetitions_stay_within_their_share_of_all_calls() => Gen.Bool.Array[1_000, 3_000].Sample(fails =>
    {
        var budget = new RetryBudget(10);
        var repeated = 0;
        foreach (var failed in fails)
        {
            budget.Earn();
            while (failed && budget.TrySpend()) repeated++;
        }

        repeated.ShouldBeLessThanOrEqualTo(10 + fails.Length / 10 + 1);
    });

    [Fact]
    public async Task Refusals_halve_the_calls_at_once_and_answers_let_them_grow_back()
    {
        var limit = new CallLimit(8);
        for (var call = 0; call < 8; call++) await limit.WaitAsync(Token);
        var ninth = limit.WaitAsync(Token);
        ninth.IsCompleted.ShouldBeFalse();

        limit.Halve();
        limit.Halve();
        limit.Current.ShouldBe(2);
        for (var call = 0; call < 6; call++) limit.Release();
        ninth.IsCompleted.ShouldBeFalse();
        limit.Release();
        await ninth.WaitAsync(_second * 5, Token);

        for (var answer = 0; answer < 100; answer++) limit.Grow();
        limit.Current.ShouldBe(8);
    }

    [Fact]
    public async Task Who_no_longer_waits_for_a_call_takes_nobodys_place()
    {
        var limit = new CallLimit(1);
        await limit.WaitAsync(Token);
        using var gone = new CancellationTokenSource();
        var impatient = limit.WaitAsync(gone.Token);
        var patient = limit.WaitAsync(Token);
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(impatient);

        limit.Release();

        await patient.WaitAsync(_second * 5, Token);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ModelPace Pace(int calls, int tokens) =>
        new(null!, Options.Create(new ModelOptions { RequestsPerMinute = calls, TokensPerMinute = tokens, SharePace = false }), _time);
}
