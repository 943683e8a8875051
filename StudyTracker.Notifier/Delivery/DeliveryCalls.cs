using System.Diagnostics.Metrics;
using StudyTracker.Hosting;
using StudyTracker.Notifier.Messages;
using StudyTracker.Notifier.Slack;
using StudyTracker.Telemetry;

namespace StudyTracker.Notifier.Delivery;

/// <summary>
/// The calls of Slack's Web API, counted. None is cancelled by a shutdown: a call that has begun is waited for, within its own time
/// limit. None is begun that might end after its lease: the last thing before each is to ask.
/// </summary>
internal sealed class DeliveryCalls(ISlackClient slack, FailPoint failPoint)
{
    private static readonly Counter<long> _calls = Instruments.Meter.CreateCounter<long>(
        "studytracker.delivery.calls", "{call}", "Calls of Slack's Web API, by method and outcome.");

    public async Task<SlackAnswer<PostedMessage>> PostAsync(DeliveryWork delivery, Claim claim, Func<bool> mayCall)
    {
        var feedback = delivery.Feedback;
        var message = claim.Plain ? SummaryMessage.RenderPlain(feedback) : SummaryMessage.Render(feedback);
        failPoint.Hit("delivery-before-post");
        if (!mayCall()) return NotCalled<PostedMessage>();
        var answer = await slack.PostAsync(feedback.TeamId, claim.Channel ?? feedback.UserId, message, CancellationToken.None);
        failPoint.Hit("delivery-after-post");
        return Counted(SlackMethod.Post, answer);
    }

    public async Task<SlackAnswer<PostedMessage>> UpdateAsync(DeliveryWork delivery, Claim claim, Func<bool> mayCall)
    {
        var feedback = delivery.Feedback;
        var message = claim.Plain ? SummaryMessage.RenderPlain(feedback) : SummaryMessage.Render(feedback);
        if (!mayCall()) return NotCalled<PostedMessage>();
        var posted = new PostedMessage(claim.Channel!, claim.Ts!);
        return Counted(SlackMethod.Update, await slack.UpdateAsync(feedback.TeamId, posted, message, CancellationToken.None));
    }

    public async Task<SlackAnswer<PostedMessage?>> FindAsync(DeliveryWork delivery, Claim claim, Func<bool> mayCall) => mayCall()
        ? Counted(SlackMethod.Find, await slack.FindAsync(
            delivery.Feedback.TeamId, claim.Channel!, delivery.Id, claim.UnsureSince, CancellationToken.None))
        : NotCalled<PostedMessage?>();

    public async Task<SlackAnswer<string>> OpenAsync(DeliveryWork delivery, Func<bool> mayCall) => mayCall()
        ? Counted(SlackMethod.Open, await slack.OpenAsync(delivery.Feedback.TeamId, delivery.Feedback.UserId, CancellationToken.None))
        : NotCalled<string>();

    /// <summary>Whether the workspace's token is accepted. Its limit is far beyond what ever asks for it.</summary>
    public async Task<SlackOutcome> TestAsync(string teamId) =>
        Counted(SlackMethod.Test, await slack.TestAsync(teamId, CancellationToken.None)).Outcome;

    private static SlackAnswer<T> NotCalled<T>() => new(SlackOutcome.NotSent, Error: "the lease would not have lasted");

    private static SlackAnswer<T> Counted<T>(SlackMethod method, SlackAnswer<T> answer)
    {
        _calls.Add(1, new("method", method.Name()), new("outcome", $"{answer.Outcome}"));
        return answer;
    }
}
