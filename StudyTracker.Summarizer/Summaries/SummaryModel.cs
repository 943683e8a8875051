using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using OpenAI.Chat;
using StudyTracker.Contracts;
using StudyTracker.Kafka;
using StudyTracker.Telemetry;

namespace StudyTracker.Summarizer.Summaries;

/// <summary>An answer and what it cost.</summary>
/// <param name="Text">The answer, unread.</param>
/// <param name="InputTokens">Tokens of the prompt.</param>
/// <param name="OutputTokens">Tokens of the answer.</param>
/// <param name="CachedInputTokens">Of the prompt's tokens, those that the provider had in its own cache.</param>
/// <param name="Fault">Why it is of no use, when the server says so itself.</param>
internal sealed record Completion(string Text, int InputTokens, int OutputTokens, int CachedInputTokens = 0, string? Fault = null);

/// <summary>
/// Calls the language model. The SDK's own retries are off; this is the only layer: calls keep below the limits, failures
/// are repeated within a budget, then the job is put off without holding anybody up; a server that fails everybody is left
/// alone for a while.
/// </summary>
internal sealed partial class SummaryModel
{
    private static readonly TimeSpan _firstDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _longestDelay = TimeSpan.FromSeconds(8);

    private static readonly Counter<long> _calls = Instruments.Meter.CreateCounter<long>(
        "studytracker.model.calls", "{call}", "Calls of the language model, by outcome.");

    private static readonly Counter<long> _tokens = Instruments.Meter.CreateCounter<long>(
        "studytracker.model.tokens", "{token}", "Tokens paid for, by kind of summary and direction: input, cached (part of input) and output.");

    private static readonly Histogram<double> _duration = Instruments.Meter.CreateHistogram<double>(
        "studytracker.model.duration", "s", "How long calls of the language model took, by outcome.");

    private readonly ChatClient _client;
    private readonly ModelOptions _options;
    private readonly ModelPace _pace;
    private readonly TimeProvider _time;
    private readonly ILogger<SummaryModel> _logger;
    private readonly CallLimit _limit;
    private readonly CircuitBreaker _breaker;
    private readonly RetryBudget _budget;
    private readonly ChatResponseFormat? _format;
    private int _refusalsInARow;

    public SummaryModel(ChatClient client, IOptions<ModelOptions> options, ModelPace pace, TimeProvider time, ILogger<SummaryModel> logger)
    {
        (_client, _options, _pace, _time, _logger) = (client, options.Value, pace, time, logger);
        _limit = new CallLimit(_options.MaxConcurrentCalls);
        _breaker = new CircuitBreaker(_options.BreakAfterFailures, TimeSpan.FromSeconds(_options.BreakSeconds), time);
        _budget = new RetryBudget(_options.RetryBudgetPercent);
        _format = _options.AnswerFormat switch
        {
            AnswerFormat.JsonSchema => ChatResponseFormat.CreateJsonSchemaFormat(
                Prompt.SchemaName, BinaryData.FromString(Prompt.Schema), jsonSchemaIsStrict: true),
            AnswerFormat.JsonObject => ChatResponseFormat.CreateJsonObjectFormat(),
            _ => null,
        };
        Instruments.Meter.CreateObservableGauge("studytracker.model.call_limit", () => _limit.Current, "{call}", "Calls allowed at once now.");
        Instruments.Meter.CreateObservableGauge("studytracker.model.held_back", () => _breaker.IsOpen ? 1 : 0, null, "1 while the server fails and no calls are made.");
    }

    /// <summary>Asks, and a few times more when the failure may pass.</summary>
    /// <exception cref="TryLaterException">It did not pass, or it is not its turn; the delay says when to come back.</exception>
    /// <exception cref="ModelRefusedException">It will not pass for this request.</exception>
    public async Task<Completion> CompleteAsync(Prompt prompt, CancellationToken cancellationToken)
    {
        _budget.Earn();
        for (var attempt = 1; ; attempt++)
        {
            await WaitForTurnAsync(prompt, attempt, cancellationToken);
            var (completion, failure) = await CallAsync(prompt, cancellationToken);
            if (completion is not null) return completion;
            if (failure!.Kind == FailureKind.Final) throw new ModelRefusedException(failure.Reason);

            var delay = failure.RetryAfter ?? Backoff.After(attempt, _firstDelay, _longestDelay, Random.Shared.NextDouble());
            var again = attempt < _options.MaxAttempts && failure.Kind switch
            {
                FailureKind.RateLimited => true, // its turn is decided by the pace, which knows of the refusal
                FailureKind.Passing => !_breaker.IsOpen && delay <= _longestDelay && _budget.TrySpend(),
                _ => false,
            };
            if (!again) throw PutOff(failure, delay);
            LogRetry(attempt, failure.Reason);
            if (failure.Kind == FailureKind.Passing) await Task.Delay(delay, _time, cancellationToken);
        }
    }

    private async Task WaitForTurnAsync(Prompt prompt, int attempt, CancellationToken cancellationToken)
    {
        var patience = TimeSpan.FromSeconds(_options.MaxPaceWaitSeconds);
        var wait = await _pace.ReserveAsync(prompt.EstimatedTokens + _options.MaxOutputTokens, patience);
        // Whoever was refused and comes back counts: a request that is too large for the limit is refused for ever.
        if (wait > patience) throw new TryLaterException("waits for its turn under the model's rate limits", wait) { IsInLine = attempt == 1 };
        if (wait > TimeSpan.Zero) await Task.Delay(wait, _time, cancellationToken);
    }

    private async Task<(Completion? Answer, ModelFailure? Failure)> CallAsync(Prompt prompt, CancellationToken cancellationToken)
    {
        await _limit.WaitAsync(cancellationToken);
        try
        {
            if (!_breaker.TryEnter(out var wait))
                throw new TryLaterException("the model's server fails; waits until it is well again", wait * (1 + Random.Shared.NextDouble() / 4)) { IsInLine = true };
            var started = Stopwatch.GetTimestamp();
            using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limited.CancelAfter(TimeSpan.FromSeconds(_options.TimeoutSeconds));
            try
            {
                var completion = await AskAsync(prompt, limited.Token);
                Answered(completion, prompt.Kind, Stopwatch.GetElapsedTime(started));
                return (completion, null);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                _breaker.Abandoned();
                throw;
            }
            catch (Exception error)
            {
                var failure = ModelFailure.Of(error);
                await FailedAsync(failure, Stopwatch.GetElapsedTime(started));
                return (null, failure);
            }
        }
        finally
        {
            _limit.Release();
        }
    }

    private async Task<Completion> AskAsync(Prompt prompt, CancellationToken cancellationToken)
    {
        ChatCompletion completion = await _client.CompleteChatAsync(
            [new SystemChatMessage(Prompt.System), new UserChatMessage(prompt.Text)],
            new ChatCompletionOptions
            {
                MaxOutputTokenCount = _options.MaxOutputTokens,
                ResponseFormat = _format,
            },
            cancellationToken);
        var fault = completion.FinishReason switch
        {
            ChatFinishReason.Length => "it was cut off at OpenAI:MaxOutputTokens",
            ChatFinishReason.ContentFilter => "the server's content filter cut it off",
            _ when !string.IsNullOrEmpty(completion.Refusal) => "the model refuses",
            _ => null,
        };
        return new Completion(
            string.Concat(completion.Content.Select(part => part.Text)),
            completion.Usage?.InputTokenCount ?? 0,
            completion.Usage?.OutputTokenCount ?? 0,
            completion.Usage?.InputTokenDetails?.CachedTokenCount ?? 0,
            fault);
    }

    private void Answered(Completion completion, SummaryKind kind, TimeSpan took)
    {
        _breaker.Succeeded();
        _limit.Grow();
        Interlocked.Exchange(ref _refusalsInARow, 0);
        Count("answered", took);
        var tag = new KeyValuePair<string, object?>("kind", $"{kind}".ToLowerInvariant());
        _tokens.Add(completion.InputTokens, tag, new("direction", "input"));
        _tokens.Add(completion.CachedInputTokens, tag, new("direction", "cached"));
        _tokens.Add(completion.OutputTokens, tag, new("direction", "output"));
    }

    private async Task FailedAsync(ModelFailure failure, TimeSpan took)
    {
        Count(failure.Outcome, took);
        switch (failure.Kind)
        {
            case FailureKind.RateLimited:
                // It works, and says how it wants to be asked.
                _breaker.Succeeded();
                _limit.Halve();
                var refusals = Interlocked.Increment(ref _refusalsInARow);
                await _pace.QuietenAsync(failure.RetryAfter ?? Backoff.After(refusals, _firstDelay, TimeSpan.FromSeconds(_options.PostponeSeconds), Random.Shared.NextDouble()));
                break;
            case FailureKind.Final:
                _breaker.Succeeded();
                break;
            default:
                if (_breaker.Failed(failure.Kind == FailureKind.Everybody)) LogHeldBack(failure.Reason);
                break;
        }
    }

    private TryLaterException PutOff(ModelFailure failure, TimeSpan delay)
    {
        var postpone = TimeSpan.FromSeconds(_options.PostponeSeconds) * (1 + Random.Shared.NextDouble() / 4);
        // Where the server fails everybody, the job is not to blame, and is never parked for it.
        return new TryLaterException(failure.Reason, delay > postpone ? delay : postpone) { IsInLine = _breaker.IsOpen };
    }

    private static void Count(string outcome, TimeSpan took)
    {
        var tag = new KeyValuePair<string, object?>("outcome", outcome);
        _calls.Add(1, tag);
        _duration.Record(took.TotalSeconds, tag);
    }

    [LoggerMessage(LogLevel.Warning, "The model did not answer (attempt {Attempt}) and is asked again: {Reason}")]
    private partial void LogRetry(int attempt, string reason);

    [LoggerMessage(LogLevel.Error, "No calls of the model for a while: {Reason}")]
    private partial void LogHeldBack(string reason);
}
