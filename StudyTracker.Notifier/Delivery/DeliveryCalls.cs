using System.Diagnostics.Metrics;
using StudyTracker.Contracts;
using StudyTracker.Hosting;
using StudyTracker.Notifier.Messages;
using StudyTracker.Notifier.Slack;
using StudyTracker.Telemetry;

namespace StudyTracker.Notifier.Delivery;

/// <summary>
/// The calls of Slack's Web API, counted. None is cancelled by a shutdown: a call that has begun is waited for, within its own time
/// limit. None is begun that might end after its lease: that is asked before each, and again at the last moment.
/// </summary>
internal sealed class DeliveryCalls(ISlackClient slack, FailPoint failPoint)
{
    private static readonly Counter<long> _calls = Instruments.Meter.CreateCounter<long>(
        "studytracker.delivery.calls", "{call}", "Calls of Slack's Web API, by method and outcome.");

    /// <summary>Has its counters start at 0.</summary>
    public static void CountFromZero(IServiceCollection services) => services.CountFromZero(
        _calls,
        ("method", Enum.GetValues<SlackMethod>().Where(method => method != SlackMethod.Profile).Select(method => method.Name())),
        ("outcome", ZeroCounts.Labels<SlackOutcome>()));

    public async Task<SlackAnswer<PostedMessage>> PostAsync(DeliveryWork delivery, Claim claim, Func<bool> mayCall)
    {
        var feedback = delivery.Feedback;
        var message = MessageOf(feedback, claim);
        failPoint.Hit("delivery-before-post");
        var answer = await CallAsync(
            SlackMethod.Post, mayCall, MayWrite, () => slack.PostAsync(feedback.TeamId, claim.Channel ?? feedback.UserId, message, CancellationToken.None));
        failPoint.Hit("delivery-after-post");
        return answer;

        bool MayWrite()
        {
            failPoint.Hit("delivery-before-write");
            return mayCall();
        }
    }

    public Task<SlackAnswer<PostedMessage>> UpdateAsync(DeliveryWork delivery, Claim claim, Func<bool> mayCall)
    {
        var feedback = delivery.Feedback;
        var (posted, message) = (new PostedMessage(claim.Channel!, claim.Ts!), MessageOf(feedback, claim));
        return CallAsync(SlackMethod.Update, mayCall, mayCall, () => slack.UpdateAsync(feedback.TeamId, posted, message, CancellationToken.None));
    }

    public Task<SlackAnswer<PostedMessage?>> FindAsync(DeliveryWork delivery, Claim claim, Func<bool> mayCall) => CallAsync(
        SlackMethod.Find,
        mayCall,
        mayCall,
        () => slack.FindAsync(delivery.Feedback.TeamId, claim.Channel!, delivery.Id, claim.UnsureSince, CancellationToken.None));

    public Task<SlackAnswer<string>> OpenAsync(DeliveryWork delivery, Func<bool> mayCall) => CallAsync(
        SlackMethod.Open, mayCall, mayCall, () => slack.OpenAsync(delivery.Feedback.TeamId, delivery.Feedback.UserId, CancellationToken.None));

    /// <summary>Whether the workspace's token is accepted. Its limit is far beyond what ever asks for it.</summary>
    public async Task<SlackOutcome> TestAsync(string teamId) =>
        Counted(SlackMethod.Test, await slack.TestAsync(teamId, CancellationToken.None)).Outcome;

    private static SlackMessage MessageOf(FeedbackRecord feedback, Claim claim) =>
        claim.Plain ? SummaryMessage.RenderPlain(feedback) : SummaryMessage.Render(feedback);

    /// <summary>Asks before anything is begun, and has it asked again when the request is about to leave.</summary>
    private static async Task<SlackAnswer<T>> CallAsync<T>(
        SlackMethod method, Func<bool> mayCall, Func<bool> mayWrite, Func<Task<SlackAnswer<T>>> call)
    {
        if (!mayCall()) return new(SlackOutcome.NotSent, Error: new TooLateException().Message);
        LastMoment.MayWrite = mayWrite; // for this call only: it ends with this method
        return Counted(method, await call());
    }

    private static SlackAnswer<T> Counted<T>(SlackMethod method, SlackAnswer<T> answer)
    {
        _calls.Add(1, new("method", method.Name()), new("outcome", answer.Outcome.Label()));
        return answer;
    }
}
