using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using StudyTracker.Hosting;

namespace StudyTracker.UnitTests.ServiceDefaults.Hosting;

public sealed class ValidatedOptionsTests
{
    [Fact]
    public void An_error_names_the_key_the_range_and_the_value() =>
        Errors(("Shop:Size", "11")).ShouldBe(["Shop:Size: must be 1 to 10 pieces. (it is 11)"]);

    [Fact]
    public void The_value_of_a_text_is_never_shown()
    {
        var error = Errors(("Shop:Secret", "hunter2")).ShouldHaveSingleItem();

        error.ShouldBe("Shop:Secret: must have at least 16 characters.");
    }

    [Fact]
    public void Every_wrong_key_is_named_at_once() =>
        Errors(("Shop:Size", "0"), ("Shop:Secret", "short")).Select(error => error.Split(": ")[0]).ShouldBe(["Shop:Size", "Shop:Secret"], ignoreOrder: true);

    [Fact]
    public void Right_options_are_bound()
    {
        using var services = Services([("Shop:Size", "7")]);

        services.GetRequiredService<IOptions<ShopOptions>>().Value.Size.ShouldBe(7);
    }

    [Fact]
    public void Options_of_one_type_have_a_section_for_each_name()
    {
        var collection = Collection([("a:Size", "2"), ("b:Size", "99")]);
        collection.AddValidatedOptions<ShopOptions>("a", "one");
        collection.AddValidatedOptions<ShopOptions>("b", "other");
        using var services = collection.BuildServiceProvider();
        var options = services.GetRequiredService<IOptionsMonitor<ShopOptions>>();

        options.Get("one").Size.ShouldBe(2);
        Should.Throw<OptionsValidationException>(() => options.Get("other")).Failures.ShouldBe(["b:Size: must be 1 to 10 pieces. (it is 99)"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public void A_missing_connection_string_is_named_at_start(string? value)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:kafka", value)]);
        builder.RequireConnectionString("kafka");
        using var host = builder.Build();

        var error = Should.Throw<OptionsValidationException>(() => host.Services.GetRequiredService<IStartupValidator>().Validate());

        error.Message.ShouldContain("ConnectionStrings:kafka");
        error.Message.ShouldContain("ConnectionStrings__kafka");
    }

    private static IEnumerable<string> Errors(params (string Key, string Value)[] settings)
    {
        using var services = Services(settings);
        return Should.Throw<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate()).Failures;
    }

    private static ServiceProvider Services((string Key, string Value)[] settings)
    {
        var services = Collection(settings);
        services.AddValidatedOptions<ShopOptions>("Shop");
        return services.BuildServiceProvider();
    }

    private static ServiceCollection Collection((string Key, string Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build());
        return services;
    }

    private sealed class ShopOptions
    {
        [Range(1, 10, ErrorMessage = "must be 1 to 10 pieces.")]
        public int Size { get; set; } = 5;

        [MinLength(16, ErrorMessage = "must have at least 16 characters.")]
        public string Secret { get; set; } = "0123456789abcdef";
    }
}
