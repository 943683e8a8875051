using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace StudyTracker.Hosting;

/// <summary>Options that are checked when the service starts, with errors that name the configuration key.</summary>
public static class ValidatedOptions
{
    /// <summary>
    /// Binds <typeparamref name="TOptions"/> to a configuration section and checks its data annotations at start.
    /// </summary>
    /// <exception cref="OptionsValidationException">At start, naming every key that is wrong and what it may be.</exception>
    /// <param name="services">The service collection.</param>
    /// <param name="section">The configuration section.</param>
    /// <param name="name">Name of the options where several sections have the same type.</param>
    public static OptionsBuilder<TOptions> AddValidatedOptions<TOptions>(
        this IServiceCollection services, string section, string? name = null)
        where TOptions : class
    {
        name ??= Options.DefaultName;
        services.AddSingleton<IValidateOptions<TOptions>>(new AnnotationValidator<TOptions>(section, name));
        return services.AddOptions<TOptions>(name).BindConfiguration(section).ValidateOnStart();
    }

    /// <summary>Has the service refuse to start, in plain words, without the connection string.</summary>
    public static void RequireConnectionString(this IHostApplicationBuilder builder, string name) =>
        builder.Services.AddOptions<ConnectionStringCheck>(name)
            .Validate(
                _ => !string.IsNullOrWhiteSpace(builder.Configuration.GetConnectionString(name)),
                $"ConnectionStrings:{name} is missing. The AppHost sets it; elsewhere set the environment variable ConnectionStrings__{name}.")
            .ValidateOnStart();

    private sealed class ConnectionStringCheck;

    private sealed class AnnotationValidator<TOptions>(string section, string optionsName) : IValidateOptions<TOptions>
        where TOptions : class
    {
        public ValidateOptionsResult Validate(string? name, TOptions options)
        {
            if (name != optionsName) return ValidateOptionsResult.Skip;
            var results = new List<ValidationResult>();
            if (Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true))
                return ValidateOptionsResult.Success;

            return ValidateOptionsResult.Fail(results.Select(result => Describe(options, result)));
        }

        private string Describe(TOptions options, ValidationResult result)
        {
            var member = result.MemberNames.FirstOrDefault();
            if (member is null) return $"{section}: {result.ErrorMessage}";

            // A secret's value never reaches the console; a number's does, because it is what has to be changed.
            var value = typeof(TOptions).GetProperty(member)?.GetValue(options);
            var shown = value is null or string ? "" : $" (it is {value})";
            return $"{section}:{member}: {result.ErrorMessage}{shown}";
        }
    }
}
