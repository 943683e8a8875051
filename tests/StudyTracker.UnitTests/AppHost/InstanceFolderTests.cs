using StudyTracker.AppHost.Local;

namespace StudyTracker.UnitTests.AppHost;

public sealed class InstanceFolderTests : IDisposable
{
    private readonly string _repository = Directory.CreateTempSubdirectory().FullName;

    [Fact]
    public void A_second_host_is_refused_and_told_whom_to_look_for()
    {
        using var first = InstanceFolder.Open(_repository, "up");
        first.Announce("http://127.0.0.1:7080/", new Dictionary<string, string>());

        var error = Should.Throw<LocalHostException>(() => InstanceFolder.Open(_repository, "up"));

        error.Message.ShouldContain($"process {Environment.ProcessId}");
        error.Message.ShouldContain("http://127.0.0.1:7080/");
    }

    [Fact]
    public void Other_instances_and_other_checkouts_are_not_in_the_way()
    {
        var other = Directory.CreateDirectory(Path.Combine(_repository, "other")).FullName;
        using var up = InstanceFolder.Open(_repository, "up");

        using var demo = InstanceFolder.Open(_repository, "demo");
        using var elsewhere = InstanceFolder.Open(other, "up");

        elsewhere.FullPath.ShouldNotBe(up.FullPath);
    }

    [Fact]
    public void After_the_first_is_gone_the_next_one_gets_the_folder_and_its_secrets()
    {
        string secret;
        using (var first = InstanceFolder.Open(_repository, "up"))
        {
            secret = first.Secret("operator-key");
        }

        using var next = InstanceFolder.Open(_repository, "up");

        next.Secret("operator-key").ShouldBe(secret);
    }

    [Fact]
    public void A_fresh_instance_keeps_nothing()
    {
        string secret;
        using (var first = InstanceFolder.Open(_repository, "demo"))
        {
            secret = first.Secret("operator-key");
            File.WriteAllText(Path.Combine(first.Logs, "ingress.log"), "old");
        }

        using var fresh = InstanceFolder.Open(_repository, "demo", fresh: true);

        fresh.Secret("operator-key").ShouldNotBe(secret);
        Directory.EnumerateFiles(fresh.Logs).ShouldBeEmpty();
    }

    [Fact]
    public void Only_the_owner_can_read_a_secret()
    {
        using var folder = InstanceFolder.Open(_repository, "up");
        folder.Secret("operator-key");

        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(folder.File("operator-key")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Theory]
    [InlineData("../up")]
    [InlineData("")]
    [InlineData("UP")]
    public void A_name_that_could_leave_the_folder_is_refused(string name) =>
        Should.Throw<ArgumentException>(() => InstanceFolder.Open(_repository, name));

    public void Dispose() => Directory.Delete(_repository, recursive: true);
}
