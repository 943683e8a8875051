using System.Globalization;
using System.Text.RegularExpressions;

namespace StudyTracker.AppHost.Operations;

/// <summary>Which of what was given up.</summary>
/// <param name="DeadLetters">Dead letters, or else parked summaries.</param>
/// <param name="All">All of them.</param>
/// <param name="Id">One: a summary's id, or a dead letter's, such as <c>3@17</c>.</param>
/// <param name="Reason">Those that were given up for a reason.</param>
/// <param name="Topic">Dead letters that came from a topic.</param>
internal sealed partial record GivenUp(bool DeadLetters, bool All, string? Id, string? Reason, string? Topic)
{
    /// <summary>Whether none is named.</summary>
    public bool IsNothing => !All && Id is null && Reason is null && Topic is null;

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public string? Problem()
    {
        var named = new[] { Id, Reason, Topic }.Count(one => one is not null);
        if (All && named > 0) return "Name --all or which, not both.";
        if (!DeadLetters && Topic is not null) return "--topic is for dead letters: add --dead-letters.";
        if (!DeadLetters && named > 1) return "Name one: --id or --reason.";
        if (Id is null) return null;
        if (DeadLetters) return LetterId().IsMatch(Id) ? null : "A dead letter's --id looks like 3@17; ./study replay --dead-letters shows it.";
        return Guid.TryParse(Id, CultureInfo.InvariantCulture, out _) ? null : "A parked summary's --id is its GUID; a dead letter's needs --dead-letters.";
    }

    /// <summary>The same for the Notifier.</summary>
    public string Query() => string.Join('&', new[]
    {
        All ? "all=true" : null,
        Id is null ? null : $"{(DeadLetters ? "id" : "summaryId")}={Uri.EscapeDataString(Id)}",
        Reason is null ? null : $"reason={Uri.EscapeDataString(Reason)}",
        Topic is null ? null : $"topic={Uri.EscapeDataString(Topic)}",
    }.OfType<string>());

    [GeneratedRegex("^[0-9]{1,9}@[0-9]{1,18}$")]
    private static partial Regex LetterId();
}
