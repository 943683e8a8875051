using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace StudyTracker.Hosting;

/// <summary>
/// Answers requests that cannot be read, and failures, with a problem of a few words and in every environment alike: ASP.NET
/// Core's own page for developers shows the request's headers, and so the operators' key.
/// </summary>
internal static class RequestFaults
{
    // Slack's requests are read by hand and are many: in production nothing stands before them that they do not need.
    private const string SlackPaths = "/slack";

    public static void AddRequestFaults(this IServiceCollection services) =>
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);

    public static void UseRequestFaults(this WebApplication app)
    {
        var isEverywhere = app.Environment.IsDevelopment();
        app.UseWhen(
            context => isEverywhere || !context.Request.Path.StartsWithSegments(SlackPaths, StringComparison.Ordinal),
            branch => branch.UseExceptionHandler(new ExceptionHandlerOptions
            {
                ExceptionHandler = AnswerAsync,
                // What a caller got wrong is nothing to be logged as a failure of ours.
                SuppressDiagnosticsCallback = failure => failure.Exception is BadHttpRequestException,
            }));
    }

    private static Task AnswerAsync(HttpContext context)
    {
        // The framework's words name the parameter, and what was sent for it.
        var problem = context.Features.Get<IExceptionHandlerFeature>()?.Error is BadHttpRequestException bad
            ? Results.Problem(bad.Message, statusCode: bad.StatusCode)
            : Results.Problem("The request failed here. The log of the service tells why.", statusCode: StatusCodes.Status500InternalServerError);
        return problem.ExecuteAsync(context);
    }
}
