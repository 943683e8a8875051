using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using StudyTracker.Hosting;

namespace StudyTracker.UnitTests.ServiceDefaults.Hosting;

public sealed class FailPointTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("fail-points").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    [InlineData("")]
    public void Outside_Development_an_armed_fail_point_does_nothing(string environment)
    {
        var armed = Path.Combine(_directory, "moment");
        File.WriteAllText(armed, "");

        Create(environment, _directory).Hit("moment");

        File.Exists(armed).ShouldBeTrue();
    }

    [Fact]
    public void In_Development_one_that_is_not_armed_does_nothing() => Create("Development", _directory).Hit("moment");

    [Fact]
    public void In_Development_without_a_folder_nothing_can_be_armed() => Create("Development", null).Hit("moment");

    private static FailPoint Create(string environment, string? directory) => new(
        new ConfigurationBuilder().AddInMemoryCollection([new("FailPoints:Directory", directory)]).Build(),
        new Surroundings { EnvironmentName = environment });

    private sealed class Surroundings : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = "";

        public string ApplicationName { get; set; } = "";

        public string ContentRootPath { get; set; } = "";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
