using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StudyTracker.Hosting;

namespace StudyTracker.UnitTests.ServiceDefaults.Hosting;

public sealed class ServiceRunnerTests
{
    [Fact]
    public async Task One_wrong_section_is_told_in_plain_words()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddValidatedOptions<KeyOptions>("One");

        (await builder.Build().RunServiceAsync()).ShouldBe(ServiceRunner.WrongConfiguration);
    }

    [Fact]
    public async Task Several_wrong_sections_are_told_in_plain_words_too()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddValidatedOptions<KeyOptions>("One");
        builder.Services.AddValidatedOptions<OtherOptions>("Other");
        builder.RequireConnectionString("kafka");

        (await builder.Build().RunServiceAsync()).ShouldBe(ServiceRunner.WrongConfiguration);
    }

    [Fact]
    public void Stages_stop_together_so_that_each_has_the_whole_time_to_drain()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.AddServiceDefaults();

        builder.Build().Services.GetRequiredService<IOptions<HostOptions>>().Value.ServicesStopConcurrently.ShouldBeTrue();
    }

    private sealed class KeyOptions
    {
        [Required(ErrorMessage = "is required.")]
        public string Key { get; set; } = "";
    }

    private sealed class OtherOptions
    {
        [Required(ErrorMessage = "is required.")]
        public string Key { get; set; } = "";
    }
}
