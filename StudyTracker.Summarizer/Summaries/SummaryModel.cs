using System.ClientModel;
using System.ClientModel.Primitives;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using OpenAI.Chat;
using StudyTracker.Kafka;
using StudyTracker.Telemetry;

namespace StudyTracker.Summarizer.Summaries;

/// <summary>
/// Calls the language model. The SDK's own retries are off; this is the only layer: calls keep below the limits, failures
/// are repeated within a budget, then the job is put off without holding anybody up; a server that fails everybody is left
/// alone for a while; what a server does not know it is not asked for again.
/// </summary>
internal sealed partial class SummaryModel : IDisposable
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
    private readonly LearnedDialect _dialect;
    private readonly PromptTruncation _truncation;
    private readonly SuspectPrompts _suspects = new();
    private readonly FirstAnswer _firstAnswer = new();
    private ModelFailure? _heldBack;
    private int _refusalsInARow;

    public SummaryModel(ChatClient client, IOptions<ModelOptions> options, ModelPace pace, TimeProvider time, ILogger<SummaryModel> logger)
    {
        (_client, _options, _pace, _time, _logger) = (client, options.Value, pace, time, logger);
        _limit = new CallLimit(_options.MaxConcurrentCalls);
        _breaker = new CircuitBreaker(_options.BreakAfterFailures, TimeSpan.FromSeconds(_options.BreakSeconds), time);
        _budget = new RetryBudget(_options.RetryBudgetPercent);
        _dialect = new LearnedDialect(_options, logger);
        _truncation = new PromptTruncation(time, logger);
        Instruments.Meter.CreateObservableGauge("studytracker.model.call_limit", () => _limit.Current, "{call}", "Calls allowed at once now.");
        Instruments.Meter.CreateObservableGauge("studytracker.model.held_back", () => _breaker.IsOpen ? 1 : 0, null, "1 while the server fails and no calls are made.");
    }

    /// <summary>Most tokens of the messages in a prompt, as far as is known.</summary>
    public int PromptTokens => _dialect.Current.PromptTokens;

    /// <summary>What was learned about the server, and what it does without a word.</summary>
    public IReadOnlyList<string> Lessons => [.. _dialect.Lessons, .. _truncation.Last is { } last ? [last] : Array.Empty<string>()];

    /// <summary>Why no calls are made now; null when they are.</summary>
    public string? HeldBack => _breaker.IsOpen ? Volatile.Read(ref _heldBack)?.Reason ?? "the model's server fails" : null;

    /// <summary>Asks, and a few times more when the failure may pass.</summary>
    /// <exception cref="TryLaterException">It did not pass, or it is not its turn; the delay says when to come back.</exception>
    /// <exception cref="ModelRefusedException">It will not pass for this request.</exception>
    /// <exception cref="PromptTooLongException">It passes with a prompt of no more than <see cref="PromptTokens"/>.</exception>
    public async Task<Completion> CompleteAsync(Prompt prompt, CancellationToken cancellationToken)
    {
        if (_suspects.IsToBlame(prompt.Hash, out var reason)) throw new ModelRefusedException(reason);
        _budget.Earn();
        Completion? earlier = null;
        for (var attempt = 1; ;)
        {
            await WaitForTurnAsync(prompt, attempt, cancellationToken);
            var (completion, failure) = await CallInTurnAsync(prompt, cancellationToken);
            if (completion is not null)
            {
                completion = completion.After(earlier);
                if (failure is null) return completion;
                earlier = completion;
            }

            switch (failure!.Kind)
            {
                case FailureKind.Unsupported or FailureKind.AnswerTooLong or FailureKind.NoRoomToThink:
                    continue; // asked in another way, which is no repetition
                case FailureKind.TooLong:
                    throw new PromptTooLongException();
                case FailureKind.Final:
                    throw new ModelRefusedException(failure.Reason);
                default:
                    await WaitToRepeatAsync(failure, attempt++, cancellationToken);
                    break;
            }
        }
    }

    public void Dispose() => _firstAnswer.Dispose();

    private async Task WaitToRepeatAsync(ModelFailure failure, int attempt, CancellationToken cancellationToken)
    {
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

    private async Task WaitForTurnAsync(Prompt prompt, int attempt, CancellationToken cancellationToken)
    {
        var patience = TimeSpan.FromSeconds(_options.MaxPaceWaitSeconds);
        var wait = await _pace.ReserveAsync(prompt.EstimatedTokens + _dialect.Current.OutputTokens, patience);
        // Whoever was refused and comes back counts: a request that is too large for the limit is refused for ever.
        if (wait > patience) throw new TryLaterException("waits for its turn under the model's rate limits", wait) { IsInLine = attempt == 1 };
        if (wait > TimeSpan.Zero) await Task.Delay(wait, _time, cancellationToken);
    }

    private async Task<(Completion? Answer, ModelFailure? Failure)> CallInTurnAsync(Prompt prompt, CancellationToken cancellationToken)
    {
        var isTurn = await _firstAnswer.WaitAsync(cancellationToken);
        try
        {
            await _limit.WaitAsync(cancellationToken);
            try
            {
                return await CallAsync(prompt, _dialect.Current, cancellationToken); // as was learned while it waited
            }
            finally
            {
                _limit.Release();
            }
        }
        finally
        {
            if (isTurn) _firstAnswer.Release();
        }
    }

    private async Task<(Completion? Answer, ModelFailure? Failure)> CallAsync(Prompt prompt, ModelDialect dialect, CancellationToken cancellationToken)
    {
        if (!_breaker.TryEnter(out var wait))
            throw new TryLaterException("the model's server fails; waits until it is well again", wait * (1 + Random.Shared.NextDouble() / 4)) { IsInLine = true };
        var started = Stopwatch.GetTimestamp();
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(TimeSpan.FromSeconds(_options.TimeoutSeconds));
        ModelFailure failure;
        try
        {
            var (completion, failed) = await AskAsync(prompt, dialect, limited.Token);
            if (completion is not null)
            {
                Answered(completion, prompt, dialect, Stopwatch.GetElapsedTime(started));
                var again = completion.FaultKind == FaultKind.OutOfRoom && _dialect.GiveRoomToThink(dialect);
                return (completion, again ? ModelFailure.NoRoomToThink : null);
            }

            failure = Judged(failed!, prompt, dialect);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _breaker.Abandoned();
            throw;
        }
        catch (Exception error)
        {
            failure = ModelFailure.Of(error);
        }

        await FailedAsync(failure, prompt, Stopwatch.GetElapsedTime(started));
        return (null, failure);
    }

    private async Task<(Completion? Answer, ModelFailure? Failure)> AskAsync(Prompt prompt, ModelDialect dialect, CancellationToken cancellationToken)
    {
        using var content = BinaryContent.Create(BinaryData.FromBytes(ModelRequest.Write(prompt, dialect, _options)));
        var result = await _client.CompleteChatAsync(
            content, new RequestOptions { CancellationToken = cancellationToken, ErrorOptions = ClientErrorBehaviors.NoThrow });
        using var response = result.GetRawResponse();
        var body = response.Content.ToMemory();
        ModelError? error;
        if (response.Status is >= 200 and < 300)
        {
            var reply = CompletionReader.Read(body);
            if (reply.Streamed) _dialect.Note("it answers as a stream, although none is asked for: its pieces are put together");
            if (reply.Answer is not null) return (WithCost(reply.Answer, prompt), null);
            if (reply.Error is null) return (null, ModelFailure.Nonsense);
            error = reply.Error;
        }
        else
        {
            error = ModelError.Read(response.Status, body.Span);
        }

        // Groq refuses what its model wrote in its name, and shows it: it is read like any answer.
        if (error.FailedGeneration is { } generation) return (WithCost(new Completion(generation, 0, 0), prompt), null);
        return (null, ModelFailure.Of(error, ServerWords.Of(error.Message, prompt, _options.ApiKey), response.Headers, dialect, _time.GetUtcNow()));
    }

    /// <summary>An answer with what it cost: by our estimate, where the server does not say.</summary>
    private Completion WithCost(Completion answer, Prompt prompt)
    {
        _truncation.Check(prompt, answer.InputTokens);
        return answer with
        {
            InputTokens = answer.InputTokens > 0 ? answer.InputTokens : prompt.EstimatedTokens,
            OutputTokens = answer.OutputTokens > 0 ? answer.OutputTokens : TokenEstimate.Of(answer.Text),
        };
    }

    /// <summary>Learns from a failure what can be learned; what cannot be helped in any other way concerns everybody.</summary>
    private ModelFailure Judged(ModelFailure failure, Prompt prompt, ModelDialect used) => failure.Kind switch
    {
        FailureKind.Unsupported when !_dialect.LeaveOut(used, failure.Refused!.Value, failure.IsUnknown) => Unhelped(failure, "OpenAI:AnswerFormat"),
        FailureKind.AnswerTooLong when !_dialect.ShortenAnswers(used, failure.Limit) => Unhelped(failure, "OpenAI:MaxOutputTokens and the model's context"),
        FailureKind.TooLong when !_dialect.ShortenPrompts(used, prompt, failure.Share) => Unhelped(failure, "the model's context"),
        FailureKind.Unexplained when !_suspects.AnyAnswer =>
            _dialect.Guess(used) ? failure with { Kind = FailureKind.Unsupported } : Unhelped(failure, "OpenAI:Model and OpenAI:AnswerFormat"),
        _ => failure,
    };

    private static ModelFailure Unhelped(ModelFailure failure, string setting) =>
        failure with { Kind = FailureKind.Everybody, Reason = $"{failure.Reason}; check {setting}" };

    private void Answered(Completion completion, Prompt prompt, ModelDialect dialect, TimeSpan took)
    {
        _breaker.Succeeded();
        _limit.Grow();
        _suspects.Answered(prompt.Hash);
        _dialect.Confirm(dialect);
        if (completion.FaultKind != FaultKind.OutOfRoom) _firstAnswer.Answered();
        if (Interlocked.Exchange(ref _heldBack, null) is not null) LogWellAgain();
        Interlocked.Exchange(ref _refusalsInARow, 0);
        Count("answered", took);
        var tag = new KeyValuePair<string, object?>("kind", $"{prompt.Kind}".ToLowerInvariant());
        _tokens.Add(completion.InputTokens, tag, new("direction", "input"));
        _tokens.Add(completion.CachedInputTokens, tag, new("direction", "cached"));
        _tokens.Add(completion.OutputTokens, tag, new("direction", "output"));
    }

    private async Task FailedAsync(ModelFailure failure, Prompt prompt, TimeSpan took)
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
            case FailureKind.Unsupported or FailureKind.AnswerTooLong or FailureKind.TooLong:
                _breaker.Abandoned();
                break;
            default:
                if (failure.Kind == FailureKind.Unexplained) _suspects.Refused(prompt.Hash, failure.Reason);
                if (_breaker.Failed(failure.Kind == FailureKind.Everybody)) HoldBack(failure);
                break;
        }
    }

    /// <summary>One line, however often it is found out that the server still fails in this way.</summary>
    private void HoldBack(ModelFailure failure)
    {
        if (Interlocked.Exchange(ref _heldBack, failure)?.Outcome != failure.Outcome) LogHeldBack(failure.Reason);
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

    [LoggerMessage(LogLevel.Information, "The model's server is well again")]
    private partial void LogWellAgain();
}
