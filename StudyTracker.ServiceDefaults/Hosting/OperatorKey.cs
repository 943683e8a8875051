using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace StudyTracker.Hosting;

/// <summary>Who may trigger runs and look at them (section <c>Operations</c>).</summary>
public sealed class OperationsOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Operations";

    /// <summary>The operators' key, sent as header <c>X-Api-Key</c>. Required; at least 16 characters.</summary>
    [Required(ErrorMessage = "is required: the key that operators send as X-Api-Key, at least 16 characters.")]
    [MinLength(16, ErrorMessage = "must have at least 16 characters.")]
    public string ApiKey { get; set; } = "";

    /// <summary>The key before the last change, still accepted while callers move to the new one. Empty: none.</summary>
    public string PreviousApiKey { get; set; } = "";
}

/// <summary>Lets only callers with the operators' key through.</summary>
public static class OperatorKey
{
    /// <summary>The header that carries the key.</summary>
    public const string HeaderName = "X-Api-Key";

    /// <summary>Answers 401 to whoever does not send the operators' key, before anything of the request is read.</summary>
    public static TBuilder RequireOperatorKey<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder
    {
        // Not an endpoint filter: parameters and body are bound before one is asked.
        endpoints.Finally(endpoint =>
        {
            var handle = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = context => IsOperator(context) ? handle(context) : RefuseAsync(context);
        });
        return endpoints;
    }

    private static bool IsOperator(HttpContext context)
    {
        var options = context.RequestServices.GetRequiredService<IOptions<OperationsOptions>>().Value;
        return context.Request.Headers[HeaderName] is [var sent] && (Same(sent, options.ApiKey) || Same(sent, options.PreviousApiKey));
    }

    private static Task RefuseAsync(HttpContext context) =>
        Results.Problem($"Send the operators' key in the header {HeaderName}.", statusCode: StatusCodes.Status401Unauthorized).ExecuteAsync(context);

    /// <summary>Compares in constant time, whatever the lengths. An empty key admits nobody.</summary>
    internal static bool Same(string? sent, string key) =>
        key.Length > 0 && sent is not null && CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(sent)),
            SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
