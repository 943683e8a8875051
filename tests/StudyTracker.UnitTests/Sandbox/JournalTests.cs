using System.Text.Json;
using StudyTracker.Sandbox.Events;
using StudyTracker.Sandbox.Workspaces;

namespace StudyTracker.UnitTests.Sandbox;

public sealed class JournalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("studytracker-journal-").FullName;

    private string JournalPath => Path.Combine(_folder, "journal.jsonl");

    [Fact]
    public void A_restart_finds_the_same_counts_messages_and_summaries()
    {
        string before;
        using (var sandbox = new SandboxFixture(JournalPath))
        {
            sandbox.Attempt(sandbox.Submit("Ev1"), 200);
            sandbox.Attempt(sandbox.Submit("Ev2", request => request with { UserId = "U0INVENTED01" }), 503, "http_error");
            sandbox.Post(SandboxFixture.User, "a");
            sandbox.Post(SandboxFixture.User, "a");
            before = JsonSerializer.Serialize(sandbox.Ledger.Counts());
        }

        using var restarted = new SandboxFixture(JournalPath);

        JsonSerializer.Serialize(restarted.Ledger.Counts()).ShouldBe(before);
        restarted.Ledger.Messages(SandboxFixture.Team, SandboxFixture.Channel).Count.ShouldBe(2);
        restarted.Ledger.Counts().Posts.BySummary.Duplicates.ShouldBe(1);
        restarted.Workspace.Learners.ShouldContainKey("U0INVENTED01");
        restarted.Ledger.Find("Ev1")!.State.ShouldBe(EventState.Accepted);
    }

    [Fact]
    public void Nobody_else_on_the_machine_can_read_it_nor_one_that_was_left_behind()
    {
        if (OperatingSystem.IsWindows()) return;
        var folder = Path.Combine(_folder, "sandbox");
        var path = Path.Combine(folder, "journal.jsonl");

        new SandboxFixture(path).Dispose();
        File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(folder).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        new SandboxFixture(path).Dispose();

        File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void A_restart_goes_on_with_deliveries_that_were_not_finished()
    {
        using (var sandbox = new SandboxFixture(JournalPath))
        {
            sandbox.Attempt(sandbox.Submit("EvDone"), 200);
            sandbox.Submit("EvNever");
            sandbox.Attempt(sandbox.Submit("EvOnce"), 503, "http_error");
        }

        using var restarted = new SandboxFixture(JournalPath);

        var left = restarted.Ledger.Unsettled();
        left.Select(entry => entry.Queued.EventId).ShouldBe(["EvNever", "EvOnce"], ignoreOrder: true);
        left.ShouldAllBe(entry => entry.Queued.Body.Contains(entry.Queued.EventId));
        restarted.Ledger.Find("EvOnce")!.Next!.Value.RetryNum.ShouldBe(1);
    }

    [Fact]
    public void A_line_that_a_killed_process_left_half_written_is_cut_off()
    {
        using (var sandbox = new SandboxFixture(JournalPath)) sandbox.Attempt(sandbox.Submit("Ev1"), 200);
        File.AppendAllText(JournalPath, "{\"type\":\"event\",\"eventId\":\"Ev2\",\"mess");

        using (var restarted = new SandboxFixture(JournalPath))
        {
            restarted.Ledger.Counts().Events.Unique.ShouldBe(1);
            restarted.Submit("Ev3");
        }

        using var again = new SandboxFixture(JournalPath);
        again.Ledger.Counts().Events.Unique.ShouldBe(2);
        again.Ledger.Find("Ev3").ShouldNotBeNull();
    }

    [Fact]
    public void Timestamps_after_a_restart_are_above_all_before_it()
    {
        string last;
        using (var sandbox = new SandboxFixture(JournalPath))
        {
            for (var i = 0; i < 10; i++) sandbox.Submit($"Ev{i}");
            last = sandbox.Submit("EvLast").Queued.Message.Ts;
            sandbox.Time.Advance(TimeSpan.FromSeconds(1));
        }

        using var restarted = new SandboxFixture(JournalPath);
        restarted.Time.Advance(TimeSpan.FromMilliseconds(1));
        SlackTimestamp.ToMicroseconds(restarted.Timestamps.Next()).ShouldNotBeNull().ShouldBeGreaterThan(SlackTimestamp.ToMicroseconds(last)!.Value);
    }

    [Fact]
    public void A_reset_empties_the_file()
    {
        using var sandbox = new SandboxFixture(JournalPath);
        sandbox.Submit("Ev1");
        sandbox.Ledger.Reset();
        sandbox.Submit("Ev2");

        sandbox.Dispose();
        File.ReadAllLines(JournalPath).ShouldHaveSingleItem().ShouldContain("Ev2");
    }

    [Fact]
    public void A_full_journal_takes_no_more_and_nothing_is_counted()
    {
        using var sandbox = new SandboxFixture(JournalPath, options => options.JournalMaxMiB = 1);
        sandbox.Submit("Ev1", request => request with { Text = new string('x', 1 << 20) });

        Should.Throw<IOException>(() => sandbox.Submit("Ev2")).Message.ShouldContain("Sandbox:JournalMaxMiB");
        sandbox.Ledger.Counts().Events.Unique.ShouldBe(1);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
