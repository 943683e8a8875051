using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;

namespace StudyTracker.LoadTests.Commands;

/// <summary>The options of a run, from the environment and from the command line, which wins.</summary>
/// <param name="Options">How scenarios are replayed.</param>
/// <param name="Services">What is set for the services of a host that the run starts: keys with a colon, such as <c>Kafka:LingerMs</c>.</param>
/// <param name="Configuration">All of it.</param>
internal sealed record LoadSettings(LoadOptions Options, IReadOnlyDictionary<string, string> Services, IConfiguration Configuration)
{
    /// <summary>Reads them.</summary>
    /// <param name="sets">What was given as <c>key=value</c>.</param>
    /// <exception cref="LoadException">A key is not known, or a value is out of its range; the message names it.</exception>
    public static LoadSettings Read(IEnumerable<string> sets)
    {
        // Of what is given twice, the last one counts.
        var given = sets.Select(Split).GroupBy(set => set.Key, StringComparer.OrdinalIgnoreCase).Select(group => group.Last()).ToList();
        var own = given.Where(set => !set.Key.Contains(':', StringComparison.Ordinal)).ToDictionary(set => $"{LoadOptions.Section}:{set.Key}", set => (string?)set.Value);
        var services = given.Where(set => set.Key.Contains(':', StringComparison.Ordinal))
            .ToDictionary(set => set.Key.Replace(":", "__", StringComparison.Ordinal), set => set.Value);
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddInMemoryCollection(own).Build();
        return new(Bind(configuration), services, configuration);
    }

    private static LoadOptions Bind(IConfiguration configuration)
    {
        var options = new LoadOptions();
        try
        {
            configuration.GetSection(LoadOptions.Section).Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
        }
        catch (InvalidOperationException error)
        {
            throw new LoadException($"{error.Message} {error.InnerException?.Message} The keys are: {Keys()}.", error);
        }

        var wrong = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new ValidationContext(options), wrong, validateAllProperties: true))
            throw new LoadException(string.Join('\n', wrong.Select(result => $"{LoadOptions.Section}:{result.MemberNames.First()} {result.ErrorMessage}")));
        return options;
    }

    private static (string Key, string Value) Split(string set) => set.IndexOf('=', StringComparison.Ordinal) is > 0 and var at
        ? (set[..at].Replace("__", ":", StringComparison.Ordinal), set[(at + 1)..])
        : throw new LoadException($"--set wants key=value, such as rate=1000; got '{set}'. The keys are: {Keys()}.");

    private static string Keys() => string.Join(", ", typeof(LoadOptions).GetProperties().Select(property => $"{char.ToLowerInvariant(property.Name[0])}{property.Name[1..]}"));
}
