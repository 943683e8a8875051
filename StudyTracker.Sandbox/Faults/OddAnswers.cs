using System.Globalization;
using StudyTracker.Sandbox.Ledger;
using StudyTracker.Sandbox.WebApi;

namespace StudyTracker.Sandbox.Faults;

/// <summary>An answer that takes the place of the method's: nothing was done.</summary>
internal sealed record OddAnswer(CallOutcome Outcome, string Code, Func<HttpContext, Task> WriteAsync);

/// <summary>Answers that Slack, or what stands in front of it, gives now and then, and that clients trip over.</summary>
internal sealed class OddAnswers(FaultInjector faults, TimeProvider time)
{
    private const string Html = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>";

    /// <summary>The answer for a fault; null when the method shall answer itself.</summary>
    public OddAnswer? For(SlackFault fault) => fault switch
    {
        SlackFault.RateLimited => Limited("1"),
        SlackFault.RetryAfterDate => Limited(time.GetUtcNow().AddSeconds(2).ToString("R", CultureInfo.InvariantCulture)),
        SlackFault.RetryAfterFraction => Limited("1.5"),
        SlackFault.RetryAfterZero => Limited("0"),
        SlackFault.RetryAfterAbsent => Limited(null),
        SlackFault.RateLimitedBody => Json(ApiAnswer.Error("ratelimited") with { Outcome = CallOutcome.RateLimited }),
        SlackFault.ServerError => Json(ApiAnswer.Error("internal_error") with { Status = StatusCodes.Status500InternalServerError }),
        SlackFault.BadGateway => Text(StatusCodes.Status502BadGateway, "text/html", Html, "bad_gateway"),
        SlackFault.InternalError => Json(ApiAnswer.Error("internal_error")),
        SlackFault.FatalError => Json(ApiAnswer.Error("fatal_error")),
        SlackFault.TokenExpired => Json(ApiAnswer.Error("token_expired")),
        SlackFault.NotJson => Text(StatusCodes.Status200OK, "text/html", Html, "not_json"),
        SlackFault.CutOff => Text(StatusCodes.Status200OK, "application/json; charset=utf-8", """{"ok":true,"channel":"D0""", "cut_off"),
        _ => null,
    };

    /// <summary>Leaves a call without an answer, and then cuts its connection.</summary>
    public async Task HangAsync(HttpContext context)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(faults.Settings.HangMs), time, context.RequestAborted)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        context.Abort();
    }

    private static OddAnswer Limited(string? retryAfter) => Json(ApiAnswer.RateLimited(retryAfter));

    private static OddAnswer Json(ApiAnswer answer) => new(answer.Outcome, answer.Code!, context => answer.WriteAsync(context.Response));

    private static OddAnswer Text(int status, string type, string body, string code) => new(CallOutcome.Failed, code, context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        return context.Response.WriteAsync(body, context.RequestAborted);
    });
}
