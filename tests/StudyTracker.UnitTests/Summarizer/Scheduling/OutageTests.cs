using CsCheck;
using Microsoft.Extensions.Time.Testing;
using StudyTracker.Summarizer.Days;
using StudyTracker.Summarizer.Scheduling;

namespace StudyTracker.UnitTests.Summarizer.Scheduling;

/// <summary>
/// One member through outages, changes of zone and hour, vacations, clock changes, and two schedulers whose clocks differ:
/// what the planner does with the due times, without its database.
/// </summary>
public sealed class OutageTests
{
    private static readonly Gen<Step> _step = Gen.OneOf(
        Gen.Int[1, 40].Select(seconds => new Step(TimeSpan.FromSeconds(seconds))), // a tick
        Gen.Int[1, 40].Select(hours => new Step(TimeSpan.FromHours(hours))),
        Gen.Int[1, 120].Select(days => new Step(TimeSpan.FromDays(days))), // an outage
        Gen.Select(Gen.Int[1, 60], Some.Days).Select((hours, days) => new Step(TimeSpan.FromHours(hours), Days: days)),
        Gen.Select(Gen.Int[1, 60], Some.Time).Select((hours, time) => new Step(TimeSpan.FromHours(hours), Time: time)),
        Gen.Select(Gen.Int[1, 60], Gen.Int[1, 30]).Select((hours, days) => new Step(TimeSpan.FromHours(hours), VacationDays: days)));

    private static readonly Gen<Journey> _journey =
        from days in Some.Days
        from rhythm in Some.Rhythm
        from start in Some.Moment
        from steps in _step.Array[1, 60]
        from skews in Gen.Int[-2, 2].Array[60]
        select new Journey(days, rhythm, start, steps, skews);

    [Fact]
    public void Windows_meet_without_gap_or_overlap_and_nothing_that_was_due_is_left() => _journey.Sample(
        journey =>
        {
            var member = new Member(journey);
            for (var i = 0; i < journey.Steps.Length; i++) member.Go(journey.Steps[i], TimeSpan.FromSeconds(journey.Skews[i]));
        },
        iter: 2_000);

    private sealed record Step(TimeSpan Wait, LocalDays? Days = null, TimeOnly? Time = null, int VacationDays = 0);

    private sealed record Journey(LocalDays Days, Rhythm Rhythm, DateTimeOffset Start, Step[] Steps, int[] Skews)
    {
        public override string ToString() => $"{Days} {Rhythm} from {Start:o}: {string.Join("; ", Steps.Select(step => step.ToString()))}";
    }

    private sealed class Member
    {
        private readonly FakeTimeProvider _clock;
        private readonly DateTimeOffset _since;
        private LocalDays _days;
        private Rhythm _rhythm;
        private DateTimeOffset? _lastDue;
        private DateTimeOffset? _vacationEnd;
        private DateTimeOffset _coveredUntil;
        private DateTimeOffset _nextDue;

        public Member(Journey journey)
        {
            (_days, _rhythm, _since, _coveredUntil) = (journey.Days, journey.Rhythm, journey.Start, journey.Start);
            _clock = new FakeTimeProvider(journey.Start);
            Enrol();
        }

        public void Go(Step step, TimeSpan skew)
        {
            _clock.Advance(step.Wait);
            if (step.Days is not null) _days = step.Days;
            if (step.Time is not null) _rhythm = _rhythm with { Time = step.Time.Value };
            if (step.VacationDays > 0) _vacationEnd = _clock.GetUtcNow().AddDays(step.VacationDays);
            if (step is not { Days: null, Time: null, VacationDays: 0 }) Enrol();
            var windows = 0;
            // Two schedulers look, one after the other; the clocks of both are a little wrong.
            Tick(_clock.GetUtcNow() + skew, ref windows);
            Tick(_clock.GetUtcNow() - skew, ref windows);
            // An outage can end within the moment by which the clocks differ of a due time: that one is met by the second look.
            if (windows > 1) (windows, Math.Abs((_lastDue!.Value - _clock.GetUtcNow()).TotalSeconds) <= 2).ShouldBe((2, true));
            _nextDue.ShouldBeGreaterThan(_clock.GetUtcNow() - TimeSpan.FromSeconds(2));
            if (_vacationEnd is { } end && _clock.GetUtcNow() < end - TimeSpan.FromSeconds(2)) _nextDue.ShouldBeGreaterThan(_clock.GetUtcNow());
        }

        private void Enrol() => _nextDue = DueTimes.NextOf(_rhythm, _days, _lastDue, _since, _vacationEnd);

        private void Tick(DateTimeOffset now, ref int windows)
        {
            if (_nextDue > now) return;
            var end = DueTimes.WindowEnd(_rhythm, _days, _nextDue, now);
            end.ShouldBeGreaterThan(_coveredUntil);
            end.ShouldBeLessThanOrEqualTo(now);
            // The window ends at the last due time, so whatever was missed is covered by this one.
            DueTimes.Next(_rhythm, _days, end).ShouldBeGreaterThan(now);
            if (_lastDue is { } last) (end - last).ShouldBeGreaterThanOrEqualTo(_rhythm.Rest);
            (_coveredUntil, _lastDue) = (end, end);
            Enrol();
            _nextDue.ShouldBeGreaterThan(now);
            windows++;
        }
    }
}
