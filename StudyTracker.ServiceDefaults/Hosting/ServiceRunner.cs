using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Options;

namespace StudyTracker.Hosting;

/// <summary>Runs a service and turns a wrong configuration into plain words instead of a stack trace.</summary>
public static class ServiceRunner
{
    /// <summary>Exit code of a service that was configured wrongly: restarting it cannot help.</summary>
    public const int WrongConfiguration = 78;

    /// <summary>Runs until asked to stop.</summary>
    /// <returns>0 after a clean stop, <see cref="WrongConfiguration"/> when an option is missing or out of range.</returns>
    public static async Task<int> RunServiceAsync(this WebApplication app)
    {
        var name = app.Environment.ApplicationName; // the application is gone by the time that its failure is known
        try
        {
            await app.RunAsync();
            return Environment.ExitCode;
        }
        catch (Exception error) when (Failures(error) is { Count: > 0 } failures)
        {
            await Console.Error.WriteLineAsync($"{name} cannot start, its configuration is wrong:");
            foreach (var failure in failures) await Console.Error.WriteLineAsync($"  {failure}");
            await Console.Error.WriteLineAsync("Set a key in appsettings.json, or as an environment variable with '__' for ':'.");
            return WrongConfiguration;
        }
    }

    /// <summary>What is wrong in one section, or in several at once; empty when the error is of another kind.</summary>
    private static IReadOnlyList<string> Failures(Exception error) => error switch
    {
        OptionsValidationException wrong => [.. wrong.Failures],
        AggregateException several when several.InnerExceptions.All(one => one is OptionsValidationException) =>
            [.. several.InnerExceptions.Cast<OptionsValidationException>().SelectMany(wrong => wrong.Failures)],
        _ => [],
    };
}
