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
        try
        {
            await app.RunAsync();
            return Environment.ExitCode;
        }
        catch (OptionsValidationException error)
        {
            await Console.Error.WriteLineAsync($"{app.Environment.ApplicationName} cannot start, its configuration is wrong:");
            foreach (var failure in error.Failures) await Console.Error.WriteLineAsync($"  {failure}");
            await Console.Error.WriteLineAsync("Set a key in appsettings.json, or as an environment variable with '__' for ':'.");
            return WrongConfiguration;
        }
    }
}
