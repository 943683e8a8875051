using StudyTracker.Contracts;

namespace StudyTracker.Summarizer.Members;

/// <summary>The answers in English.</summary>
internal sealed class EnglishReplies : ReplyWording
{
    public override string BadPause(int maxDays) => $"A pause can last from today for up to {maxDays} days, such as {Usage(Verb.Pause)}.";

    public override string Resume => "Resume summaries";

    protected override string Resumed => "Your summaries are on again. What you wrote in the meantime will be in the next one.";

    protected override string Noted => "Thank you for telling; your opinion is noted.";

    protected override string NotUnderstood => "I do not know that command.";

    protected override string Help =>
        "Try `/study status` · `/study pause [until 2026-12-01 | 7 days]` · `/study resume` · `/study stop weekly` · `/study start weekly` · `/study time [daily|weekly|monthly] 21:30` · `/study day 04:00`";

    protected override string OwnData =>
        "What is stored about you is exported, or erased for good, by the people who run StudyTracker for this workspace: please ask them. To stop summaries only, use `/study pause`.";

    protected override string Off => "off";

    protected override string UnknownZone => "Time zone: not known yet; it is taken from your Slack profile.";

    protected override string DidYouMean(string usage) => $"I did not understand that. Did you mean {usage}? `/study help` lists everything.";

    protected override string Usage(Verb verb) => verb switch
    {
        Verb.Pause => "`/study pause`, `/study pause 7 days` or `/study pause until 2026-12-01`",
        Verb.Resume => "`/study resume`",
        Verb.Status => "`/study status`",
        Verb.Stop => "`/study stop daily`, `/study stop weekly` or `/study stop monthly`",
        Verb.Start => "`/study start daily`, `/study start weekly` or `/study start monthly`",
        Verb.Time => "`/study time 21:30` or `/study time weekly 21:30` (00:00 to 23:59)",
        Verb.Day => "`/study day 04:00` (00:00 to 12:00)",
        Verb.Data => "`/study export` or `/study erase`",
        _ => "`/study help`",
    };

    protected override string Zone(string zone) => $"Time zone: {zone}";

    protected override string DayStart(string time) => $"Your day begins at {time}.";

    protected override string Next(string moment) => $"next on {moment}";

    protected override string Paused(string? until) => until is null
        ? "Your summaries are paused. `/study resume` turns them on again."
        : $"Your summaries are paused until {until}. `/study resume` turns them on again before.";

    protected override string Stopped(string kind) => $"You get no {kind} summaries any more. `/study start {kind}` turns them on again.";

    protected override string Started(string kind) => $"You get {kind} summaries again.";

    protected override string StartedWhilePaused(string kind, string? until) => until is null
        ? $"You get {kind} summaries again once your pause is over: all summaries are paused until you say `/study resume`."
        : $"You get {kind} summaries again once your pause is over: all summaries are paused until {until}, or until you say `/study resume`.";

    protected override string Kind(SummaryKind kind) => $"{kind}".ToLowerInvariant();

    protected override string Weekday(DayOfWeek day) => $"{day}"[..3];
}
