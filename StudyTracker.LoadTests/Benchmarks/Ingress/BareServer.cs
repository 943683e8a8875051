using System.Buffers;
using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace StudyTracker.LoadTests.Benchmarks.Ingress;

/// <summary>
/// <c>bench-server</c>: what Ingress is measured against. Kestrel that reads the body and answers 200, and the same with the
/// check of Slack's signature: what nobody who answers Slack can do without.
/// </summary>
internal static class BareServer
{
    /// <summary>Name of the command.</summary>
    public const string Name = "bench-server";

    /// <summary>Describes it.</summary>
    public static Command Create()
    {
        var port = new Option<int>("--port") { Required = true, Description = "Port on the loopback address." };
        var secret = new Option<string?>("--secret") { Description = "Check signatures made with this secret." };
        var command = new Command(Name, "The bare server that Ingress is measured against.") { port, secret };
        command.Hidden = true;
        command.SetAction((parsed, cancel) => RunAsync(parsed.GetValue(port), parsed.GetValue(secret), cancel));
        return command;
    }

    private static async Task<int> RunAsync(int port, string? secret, CancellationToken cancel)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.Backlog = 5_000);
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.AddServerHeader = false);
        await using var app = builder.Build();
        var key = secret is null ? null : Encoding.UTF8.GetBytes(secret);
        app.Run(context => HandleAsync(context, key));
        await app.StartAsync(cancel);
        await ((IHost)app).WaitForShutdownAsync(cancel);
        return 0;
    }

    private static async Task HandleAsync(HttpContext context, byte[]? key)
    {
        var reader = context.Request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(context.RequestAborted);
            if (result.IsCompleted)
            {
                if (key is not null && !IsSigned(context.Request.Headers, key, result.Buffer))
                    context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                reader.AdvanceTo(result.Buffer.End);
                return;
            }

            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private static bool IsSigned(IHeaderDictionary headers, byte[] key, ReadOnlySequence<byte> body)
    {
        var timestamp = headers["X-Slack-Request-Timestamp"].ToString();
        var signature = headers["X-Slack-Signature"].ToString();
        if (timestamp.Length is 0 or > 12 || signature.Length != 3 + 64) return false;
        Span<byte> head = stackalloc byte[16];
        var length = Encoding.ASCII.GetBytes($"v0:{timestamp}:", head);
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(head[..length]);
        foreach (var segment in body) hmac.AppendData(segment.Span);
        Span<byte> expected = stackalloc byte[32];
        hmac.GetHashAndReset(expected);
        Span<byte> sent = stackalloc byte[32];
        return Convert.FromHexString(signature.AsSpan(3), sent, out _, out _) == OperationStatus.Done
            && CryptographicOperations.FixedTimeEquals(expected, sent);
    }
}
