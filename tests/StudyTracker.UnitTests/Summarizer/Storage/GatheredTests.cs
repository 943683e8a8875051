using Npgsql;
using StudyTracker.Summarizer.Storage;

namespace StudyTracker.UnitTests.Summarizer.Storage;

public sealed class GatheredTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_that_come_while_a_batch_is_under_way_make_up_the_next()
    {
        var sizes = new List<int>();
        var gate = new TaskCompletionSource();
        var gathered = new Gathered<int, int>(10, async (items, _) =>
        {
            sizes.Add(items.Count);
            await gate.Task;
            return [.. items.Select(item => item * 2)];
        });

        var first = gathered.RunAsync(1, Token);
        while (sizes.Count == 0) await Task.Delay(1, Token);
        var more = Enumerable.Range(2, 15).Select(item => gathered.RunAsync(item, Token)).ToList();
        gate.SetResult();

        (await first).ShouldBe(2);
        (await Task.WhenAll(more)).ShouldBe(Enumerable.Range(2, 15).Select(item => item * 2));
        sizes.ShouldBe([1, 10, 5]);
    }

    [Fact]
    public async Task One_bad_item_fails_alone()
    {
        var gate = new TaskCompletionSource();
        var gathered = new Gathered<int, int>(10, async (items, _) =>
        {
            await gate.Task;
            return items.Contains(3) ? throw new PostgresException("bad", "ERROR", "ERROR", "22021") : [.. items];
        });
        var calls = Enumerable.Range(1, 5).Select(item => gathered.RunAsync(item, Token)).ToList();
        gate.SetResult();

        await Should.ThrowAsync<PostgresException>(calls[2]);
        calls.RemoveAt(2);
        (await Task.WhenAll(calls)).ShouldBe([1, 2, 4, 5]);
    }

    [Fact]
    public async Task What_fails_for_all_is_told_to_all_and_the_next_calls_go_on()
    {
        var fails = true;
        var gathered = new Gathered<int, int>(10, (items, _) =>
            fails ? throw new NpgsqlException("away") : Task.FromResult<IReadOnlyList<int>>([.. items]));
        var calls = Enumerable.Range(1, 3).Select(item => gathered.RunAsync(item, Token)).ToList();
        foreach (var call in calls) await Should.ThrowAsync<NpgsqlException>(call);
        fails = false;

        (await gathered.RunAsync(7, Token)).ShouldBe(7);
    }
}
