using System.ClientModel;
using System.ClientModel.Primitives;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;
using OpenAI;
using OpenAI.Chat;
using StudyTracker.Kafka;
using StudyTracker.Telemetry;

namespace StudyTracker.Summarizer.Summaries;

/// <summary>An answer and what it cost.</summary>
/// <param name="Text">The answer, unread.</param>
/// <param name="InputTokens">Tokens of the prompt.</param>
/// <param name="OutputTokens">Tokens of the answer.</param>
internal sealed record Completion(string Text, int InputTokens, int OutputTokens);

/// <summary>
/// Calls the language model. The SDK's own retries are off; this is the only layer: a few attempts at once for what
/// passes, then the job is put off without holding anybody up.
/// </summary>
internal sealed partial class SummaryModel(ChatClient client, IOptions<ModelOptions> options, TimeProvider time, ILogger<SummaryModel> logger)
{
    private static readonly TimeSpan _firstDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _longestDelay = TimeSpan.FromSeconds(8);

    private static readonly Counter<long> _calls = Instruments.Meter.CreateCounter<long>(
        "studytracker.model.calls", "{call}", "Calls of the language model, by outcome.");

    private static readonly Counter<long> _tokens = Instruments.Meter.CreateCounter<long>(
        "studytracker.model.tokens", "{token}", "Tokens paid for, by direction.");

    /// <summary>Makes the client; every retry of its own is off.</summary>
    public static ChatClient CreateClient(ModelOptions options) => new(
        options.Model,
        new ApiKeyCredential(options.ApiKey),
        new OpenAIClientOptions
        {
            Endpoint = options.Endpoint,
            RetryPolicy = new ClientRetryPolicy(0),
            NetworkTimeout = TimeSpan.FromSeconds(options.TimeoutSeconds),
        });

    /// <summary>Asks once, and a few times more when the failure may pass.</summary>
    /// <exception cref="TryLaterException">It did not pass; the delay says when to come back.</exception>
    /// <exception cref="ModelRefusedException">It will not pass for this request.</exception>
    public async Task<Completion> CompleteAsync(Prompt prompt, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await AskAsync(prompt, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                throw;
            }
            catch (Exception error)
            {
                // Of any type: the SDK reads the answer without checking it, and a page of HTML makes it throw what it likes.
                var failure = ModelFailure.Of(error);
                Count(failure.Outcome);
                if (failure.IsFinal) throw new ModelRefusedException(failure.Reason, error);
                var postpone = TimeSpan.FromSeconds(options.Value.PostponeSeconds);
                var delay = failure.RetryAfter ?? Backoff.After(attempt, _firstDelay, _longestDelay, Random.Shared.NextDouble());
                if (attempt >= options.Value.MaxAttempts || !failure.RetrySoon || delay > _longestDelay)
                    throw new TryLaterException(failure.Reason, delay > postpone ? delay : postpone, error);
                LogRetry(attempt, delay.TotalMilliseconds, failure.Reason);
                await Task.Delay(delay, time, cancellationToken);
            }
        }
    }

    private async Task<Completion> AskAsync(Prompt prompt, CancellationToken cancellationToken)
    {
        ChatCompletion completion = await client.CompleteChatAsync(
            [new SystemChatMessage(Prompt.System), new UserChatMessage(prompt.Text)],
            new ChatCompletionOptions
            {
                MaxOutputTokenCount = options.Value.MaxOutputTokens,
                ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat(
                    Prompt.SchemaName, BinaryData.FromString(Prompt.Schema), jsonSchemaIsStrict: true),
            },
            cancellationToken);
        Count("answered");
        var (input, output) = (completion.Usage?.InputTokenCount ?? 0, completion.Usage?.OutputTokenCount ?? 0);
        _tokens.Add(input, new KeyValuePair<string, object?>("direction", "input"));
        _tokens.Add(output, new KeyValuePair<string, object?>("direction", "output"));
        return new Completion(string.Concat(completion.Content.Select(part => part.Text)), input, output);
    }

    private static void Count(string outcome) => _calls.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    [LoggerMessage(LogLevel.Warning, "The model did not answer (attempt {Attempt}), again in {DelayMs:0} ms: {Reason}")]
    private partial void LogRetry(int attempt, double delayMs, string reason);
}

/// <summary>A request that the model's server will not answer, however often it is sent.</summary>
internal sealed class ModelRefusedException(string reason, Exception cause) : Exception(reason, cause);

/// <summary>What a failed call means.</summary>
/// <param name="Outcome">One word for metrics.</param>
/// <param name="Reason">A line for people, without content of the request.</param>
/// <param name="IsFinal">No repetition of this request can succeed.</param>
/// <param name="RetrySoon">Repeating within seconds may succeed.</param>
/// <param name="RetryAfter">What the server asked for.</param>
internal sealed record ModelFailure(string Outcome, string Reason, bool IsFinal, bool RetrySoon, TimeSpan? RetryAfter)
{
    public static ModelFailure Of(Exception error)
    {
        var cause = error.GetBaseException();
        if (cause is JsonException or ArgumentException or InvalidOperationException or FormatException or KeyNotFoundException)
            return new ModelFailure("nonsense", "the model's server answered with something that is no completion", false, true, null);
        if (cause is not ClientResultException { Status: > 0 and var status } answer)
            return new ModelFailure("unreachable", "the model's server did not answer in time or could not be reached", false, true, null);

        var retryAfter = answer.GetRawResponse()?.Headers.TryGetValue("Retry-After", out var text) == true
            && double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            && seconds is >= 0 and <= 86_400
            ? TimeSpan.FromSeconds(seconds)
            : (TimeSpan?)null;
        return status switch
        {
            // An empty purse looks like a rate limit, but no second ends it.
            429 when answer.Message.Contains("insufficient_quota", StringComparison.Ordinal) =>
                new("quota", "the model's account has no quota left (insufficient_quota)", false, false, null),
            429 => new("rate_limited", "the model's server limits the rate (429)", false, true, retryAfter),
            401 or 403 => new("unauthorized", $"the model's server refuses OpenAI:ApiKey ({status})", false, false, null),
            408 or 409 or >= 500 => new("server_error", $"the model's server failed ({status})", false, true, retryAfter),
            _ => new("refused", $"the model's server refuses the request ({status}); check OpenAI:Model and OpenAI:Endpoint", true, false, null),
        };
    }
}
