using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using StudyTracker.Sandbox.Ledger;

namespace StudyTracker.Sandbox.Events;

/// <summary>
/// Requests to Ingress and the Summarizer over kept-alive connections. It has a handler of its own, so that nothing
/// that is configured for other clients (retries, redirects, cookies) can get between.
/// </summary>
internal sealed class IngressClient : IDisposable
{
    private static readonly MediaTypeHeaderValue _json = new("application/json");
    private readonly SandboxOptions _options;
    private readonly SlackSigner _signer;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;

    public IngressClient(IOptions<SandboxOptions> options, SlackSigner signer, TimeProvider time)
    {
        _options = options.Value;
        _signer = signer;
        _time = time;
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            MaxConnectionsPerServer = _options.MaxConcurrentDeliveries,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = 1 << 20,
        };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("Slackbot/1.0 (+https://api.slack.com/robots)");
    }

    /// <summary>Makes one attempt to deliver an event.</summary>
    public async Task<AttemptMade> DeliverAsync(EventQueued queued, NextAttempt attempt, CancellationToken cancellationToken)
    {
        var body = Encoding.UTF8.GetBytes(queued.Body);
        using var request = new HttpRequestMessage(HttpMethod.Post, At(_options.IngressUrl, "/slack/events"))
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = _json } },
        };
        _signer.AddHeaders(request.Headers, body, queued.Signature);
        if (attempt.RetryNum > 0)
        {
            request.Headers.Add("X-Slack-Retry-Num", attempt.RetryNum.ToString(CultureInfo.InvariantCulture));
            request.Headers.Add("X-Slack-Retry-Reason", attempt.RetryReason);
        }

        var at = _time.GetUtcNow();
        var clock = Stopwatch.StartNew();
        var answer = await SendAsync(request, cancellationToken);
        return new AttemptMade(
            at, queued.EventId, answer.Status, Math.Round(clock.Elapsed.TotalMilliseconds, 1), answer.Error, attempt.RetryNum, answer.NoRetry);
    }

    /// <summary>Has the receiver repeat a challenge, as Slack does when an app's address is set.</summary>
    /// <returns>The answer, and whether it holds the challenge, as text or in JSON.</returns>
    public async Task<(IngressAnswer Answer, bool Verified)> VerifyAsync(CancellationToken cancellationToken)
    {
        var challenge = Guid.NewGuid().ToString("n");
        var body = JsonSerializer.SerializeToUtf8Bytes(new { token = SlackEnvelope.VerificationToken, challenge, type = "url_verification" });
        using var request = new HttpRequestMessage(HttpMethod.Post, At(_options.IngressUrl, "/slack/events"))
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = _json } },
        };
        _signer.AddHeaders(request.Headers, body, SignatureMode.Valid);
        var answer = await SendAsync(request, cancellationToken);
        return (answer, answer.Error is null && (answer.Body.Trim() == challenge || answer.Body.Contains($"\"{challenge}\"", StringComparison.Ordinal)));
    }

    /// <summary>Sends a command or an interaction as Slack does: once, signed, as a form.</summary>
    public async Task<IngressAnswer> PostFormAsync(string path, IEnumerable<KeyValuePair<string, string>> fields, CancellationToken cancellationToken)
    {
        using var form = new FormUrlEncodedContent(fields);
        var body = await form.ReadAsByteArrayAsync(cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, At(_options.IngressUrl, path))
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded") } },
        };
        _signer.AddHeaders(request.Headers, body, SignatureMode.Valid);
        return await SendAsync(request, cancellationToken);
    }

    /// <summary>Posts JSON to Ingress with the operators' key.</summary>
    public Task<HttpResponseMessage> PostAsOperatorAsync(string path, string json, CancellationToken cancellationToken) =>
        AsOperatorAsync(new HttpRequestMessage(HttpMethod.Post, At(_options.IngressUrl, path))
        {
            Content = new StringContent(json, Encoding.UTF8, _json),
        }, cancellationToken);

    /// <summary>Gets from another service with the operators' key.</summary>
    public Task<HttpResponseMessage> GetAsOperatorAsync(Uri service, string path, CancellationToken cancellationToken) =>
        AsOperatorAsync(new HttpRequestMessage(HttpMethod.Get, At(service, path)), cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<IngressAnswer> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_options.AcknowledgementTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var response = await _http.SendAsync(request, either.Token);
            var status = (int)response.StatusCode;
            if (status is >= 200 and < 300)
                return new(status, null) { Body = await response.Content.ReadAsStringAsync(either.Token), ContentType = response.Content.Headers.ContentType?.MediaType };
            var noRetry = response.Headers.TryGetValues("X-Slack-No-Retry", out var values) && values.Contains("1");
            return new(status, status is >= 300 and < 400 ? DeliveryPlan.TooManyRedirects : DeliveryPlan.HttpError) { NoRetry = noRetry };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(null, DeliveryPlan.HttpTimeout);
        }
        catch (HttpRequestException exception)
        {
            return new(null, exception.HttpRequestError switch
            {
                HttpRequestError.SecureConnectionError => "ssl_error",
                HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.ResponseEnded
                    => DeliveryPlan.ConnectionFailed,
                _ => DeliveryPlan.UnknownError,
            });
        }
    }

    private async Task<HttpResponseMessage> AsOperatorAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request)
        {
            request.Headers.Add("X-Api-Key", _options.OperatorKey);
            return await _http.SendAsync(request, cancellationToken);
        }
    }

    private static Uri At(Uri service, string path) => new(service.AbsoluteUri.TrimEnd('/') + path);
}

/// <summary>What Ingress answered.</summary>
/// <param name="Status">The HTTP status; null when there was none.</param>
/// <param name="Error">Slack's word for what failed; null when it was taken.</param>
internal sealed record IngressAnswer(int? Status, string? Error)
{
    /// <summary>Whether it asked for no more retries.</summary>
    public bool NoRetry { get; init; }

    /// <summary>What it said when it took the request.</summary>
    public string Body { get; init; } = "";

    /// <summary>What that is, such as application/json.</summary>
    public string? ContentType { get; init; }
}
