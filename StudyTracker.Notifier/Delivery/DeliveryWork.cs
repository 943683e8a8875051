using System.Text.Json;
using StudyTracker.Contracts;
using StudyTracker.Notifier.Pace;
using StudyTracker.Notifier.Slack;

namespace StudyTracker.Notifier.Delivery;

/// <summary>A delivery that this process is at, from its first attempt to its end.</summary>
internal sealed class DeliveryWork(FeedbackRecord feedback, string json)
{
    /// <summary>The newest revision that is known here.</summary>
    public FeedbackRecord Feedback { get; private set; } = feedback;

    /// <summary>The record as it came.</summary>
    public string Json { get; } = json;

    public Guid Id => Feedback.SummaryId;

    /// <summary>What is to be done when there is a place for it.</summary>
    public Step Step { get; set; }

    /// <summary>The place, once it has been waited for.</summary>
    public Place? Place { get; set; }

    /// <summary>The place of a post whose end is unknown: it is given back when the message turns out not to be there.</summary>
    public Place? UnsurePlace { get; set; }

    /// <summary>The page of the conversation on which the message is looked for next; null: the first.</summary>
    public string? Cursor { get; private set; }

    /// <summary>How many pages the message was not on.</summary>
    public int Pages { get; private set; }

    /// <summary>What the step needs a place for. Channels have a limit of their own for posts only.</summary>
    public PlaceRequest Request => new(Feedback.TeamId, MethodOf(Step), Step == Step.Post ? Feedback.UserId : null);

    /// <summary>The message is not on this page: it is looked for on the next; without one, the search is over.</summary>
    public void Turn(string? next) => (Cursor, Pages) = (next, next is null ? 0 : Pages + 1);

    /// <summary>Takes a newer revision from the ledger.</summary>
    public void Renew(string? newer)
    {
        if (newer is not null) Feedback = JsonSerializer.Deserialize(newer, ContractsJson.Default.FeedbackRecord)!;
    }

    private static SlackMethod MethodOf(Step step) => step switch
    {
        Step.Post => SlackMethod.Post,
        Step.Open => SlackMethod.Open,
        Step.Look => SlackMethod.Find,
        Step.Update => SlackMethod.Update,
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, "This step calls nothing."),
    };
}
