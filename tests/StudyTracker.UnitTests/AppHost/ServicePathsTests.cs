using StudyTracker.AppHost.Local;

namespace StudyTracker.UnitTests.AppHost;

public sealed class ServicePathsTests : IDisposable
{
    private readonly string _repository = Directory.CreateTempSubdirectory().FullName;

    public ServicePathsTests() => File.WriteAllText(Path.Combine(_repository, "StudyTracker.sln"), "");

    [Theory]
    [InlineData("StudyTracker.AppHost/bin/core/Debug/net10.0/")]
    [InlineData("tests/StudyTracker.FunctionalTests/bin/core/Debug/net10.0")]
    public void A_service_is_found_from_the_host_and_from_the_tests(string output)
    {
        var from = Directory.CreateDirectory(Path.Combine(_repository, output)).FullName;

        ServicePaths.Assembly(from, ServiceNames.Ingress)
            .ShouldBe(Path.Combine(_repository, "StudyTracker.Ingress/bin/core/Debug/net10.0/StudyTracker.Ingress.dll"));
    }

    [Fact]
    public void Package_set_and_configuration_are_those_of_the_host()
    {
        var from = Directory.CreateDirectory(Path.Combine(_repository, "StudyTracker.AppHost/bin/full/Release/net10.0")).FullName;

        ServicePaths.Assembly(from, ServiceNames.Summarizer)
            .ShouldEndWith("StudyTracker.Summarizer/bin/full/Release/net10.0/StudyTracker.Summarizer.dll");
    }

    [Fact]
    public void Outside_of_a_repository_the_error_says_so() =>
        Should.Throw<LocalHostException>(() => ServicePaths.Repository("/")).Message.ShouldContain("StudyTracker.sln");

    [Fact]
    public void The_dotnet_that_runs_this_program_runs_the_services()
    {
        var root = Directory.CreateDirectory(Path.Combine(_repository, "sdk")).FullName;
        File.WriteAllText(Path.Combine(root, "dotnet"), "");

        ServicePaths.DotNet(hostPath: null, Path.Combine(root, "shared/Microsoft.NETCore.App/10.0.0/"))
            .ShouldBe(Path.Combine(root, "dotnet"));
    }

    public void Dispose() => Directory.Delete(_repository, recursive: true);
}
