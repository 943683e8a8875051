using CsCheck;
using StudyTracker.Kafka;
using Record = StudyTracker.Kafka.Record;

namespace StudyTracker.UnitTests.ServiceDefaults.Kafka;

public sealed class PartitionProgressTests
{
    [Fact]
    public void Whatever_the_order_of_finishing_the_lowest_unfinished_offset_is_committable() =>
        Gen.Int[1, 40].SelectMany(count => Gen.Select(Gen.Shuffle(Enumerable.Range(0, count).ToArray()), Gen.Long[0, 1L << 40], Gen.Bool.Array[count]))
            .Sample((order, start, done) =>
            {
                var progress = new PartitionProgress();
                // Offsets of one partition ascend, and may have gaps.
                var records = order.Order().Select(index => progress.Added(start + index * 3L)).ToArray();
                foreach (var _ in records) progress.TryStart().ShouldBeTrue();
                var unfinished = new SortedSet<int>(order);

                foreach (var index in order)
                {
                    progress.Finish(records[index], done[index]);
                    if (done[index]) unfinished.Remove(index);
                    progress.Committable.ShouldBe(Expected(records, unfinished));
                }

                progress.Idle.ShouldBeTrue();
            });

    [Fact]
    public void An_offset_is_handed_out_once_each_time_that_it_has_moved()
    {
        var progress = new PartitionProgress();
        var (first, second) = (progress.Added(7), progress.Added(8));
        progress.TryTakeCommittable(out _).ShouldBeFalse();
        progress.TryStart();
        progress.TryStart();

        progress.Finish(second, done: true);
        progress.TryTakeCommittable(out _).ShouldBeFalse();

        progress.Finish(first, done: true);
        progress.TryTakeCommittable(out var offset).ShouldBeTrue();
        offset.ShouldBe(9);
        progress.TryTakeCommittable(out _).ShouldBeFalse();
    }

    [Fact]
    public void What_has_failed_holds_back_everything_behind_it()
    {
        var progress = new PartitionProgress();
        var records = Enumerable.Range(0, 3).Select(offset => progress.Added(offset)).ToList();
        foreach (var record in records)
        {
            progress.TryStart();
            progress.Finish(record, done: record.Offset != 1);
        }

        progress.Committable.ShouldBe(1);
    }

    [Fact]
    public void A_partition_that_was_taken_away_starts_nothing_more_but_counts_what_was_running()
    {
        var progress = new PartitionProgress();
        var (running, waiting) = (progress.Added(0), progress.Added(1));
        progress.TryStart().ShouldBeTrue();

        progress.Revoke();

        progress.TryStart().ShouldBeFalse();
        progress.Idle.ShouldBeFalse();
        progress.Abandoned.IsCancellationRequested.ShouldBeFalse();
        progress.Finish(running, done: true);
        progress.Idle.ShouldBeTrue();
        progress.Committable.ShouldBe(1);
        waiting.Finished.ShouldBeFalse();
    }

    [Fact]
    public void Abandoned_work_is_told_so_and_moves_nothing_when_it_stops()
    {
        var progress = new PartitionProgress();
        var record = progress.Added(5);
        progress.TryStart();

        progress.Abandon();
        progress.Finish(record, done: false);

        progress.Abandoned.IsCancellationRequested.ShouldBeTrue();
        progress.Committable.ShouldBe(-1);
        progress.TryTakeCommittable(out _).ShouldBeFalse();
        progress.TryStart().ShouldBeFalse();
    }

    private static long Expected(Record[] records, SortedSet<int> unfinished)
    {
        var finished = unfinished.Count == 0 ? records.Length : unfinished.Min;
        return finished == 0 ? -1 : records[finished - 1].Offset + 1;
    }
}
