using StudyTracker.AppHost.Local.Processes;

namespace StudyTracker.UnitTests.AppHost;

public sealed class BackOffTests
{
    private static readonly TimeSpan _dies = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _staysUp = TimeSpan.FromSeconds(30);

    private readonly BackOff _backOff = new(TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(5), _staysUp);

    [Fact]
    public void Waits_double_up_to_the_longest()
    {
        var waits = Enumerable.Range(0, 7).Select(_ => _backOff.Next(_dies).TotalSeconds);

        waits.ShouldBe([0.2, 0.4, 0.8, 1.6, 3.2, 5, 5]);
    }

    [Fact]
    public void A_process_that_stayed_up_begins_anew()
    {
        _backOff.Next(_dies);
        _backOff.Next(_dies);

        _backOff.Next(_staysUp).TotalSeconds.ShouldBe(0.2);
        _backOff.Next(_dies).TotalSeconds.ShouldBe(0.4);
    }
}
