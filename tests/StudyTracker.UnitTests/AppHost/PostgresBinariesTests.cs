using StudyTracker.AppHost.Local;
using StudyTracker.AppHost.Local.Infrastructure;

namespace StudyTracker.UnitTests.AppHost;

public sealed class PostgresBinariesTests
{
    private static readonly PostgresBinaries _fifteen = new("/usr/lib/postgresql/15/bin", 15);
    private static readonly PostgresBinaries _seventeen = new("/usr/lib/postgresql/17/bin", 17);

    [Fact]
    public void New_data_gets_the_newest_server() =>
        PostgresBinaries.For([_seventeen, _fifteen], "/data", dataMajor: null).ShouldBe(_seventeen);

    [Fact]
    public void Old_data_gets_the_server_of_its_version() =>
        PostgresBinaries.For([_seventeen, _fifteen], "/data", dataMajor: 15).ShouldBe(_fifteen);

    [Fact]
    public void Data_of_a_version_that_is_not_installed_is_refused_with_what_to_do()
    {
        var error = Should.Throw<LocalHostException>(() => PostgresBinaries.For([_seventeen], "/data", dataMajor: 15)).Message;

        error.ShouldContain("apt-get install postgresql-15");
        error.ShouldContain("/data");
    }

    [Fact]
    public void Without_any_server_the_error_says_what_to_install() =>
        Should.Throw<LocalHostException>(() => PostgresBinaries.For([], "/data", dataMajor: null))
            .Message.ShouldContain("apt-get install postgresql");

    [Theory]
    [InlineData("/usr/lib/postgresql/15/bin", 15)]
    [InlineData("/opt/homebrew/bin", 0)]
    public void The_version_is_read_from_the_path(string folder, int major) =>
        PostgresBinaries.MajorOf(folder).ShouldBe(major);
}
