using Microsoft.Extensions.Options;
using NodaTime;
using StudyTracker.Sandbox.Events;
using StudyTracker.Sandbox.Ledger;
using StudyTracker.Sandbox.WebApi;

namespace StudyTracker.Sandbox.Workspaces;

/// <summary>A change of a learner; what is absent stays, or is the workspace's default.</summary>
/// <param name="RealName">Name that is shown.</param>
/// <param name="TimeZone">A name in TZDB, be it an old one; empty: Slack does not know it.</param>
/// <param name="Locale">Such as ko-KR.</param>
/// <param name="Colour">Six hexadecimal digits.</param>
/// <param name="UtcOffsetSeconds">What Slack says of the distance to UTC, whatever the time zone says; -50,400 to 50,400.</param>
/// <param name="Deleted">Whether the account is deactivated.</param>
/// <param name="IsBot">Whether it is a bot's.</param>
internal sealed record LearnerChange(
    string? RealName, string? TimeZone, string? Locale, string? Colour, int? UtcOffsetSeconds, bool? Deleted, bool? IsBot);

/// <summary>A change of a channel; what is absent stays.</summary>
/// <param name="Name">Its name without #.</param>
/// <param name="IsMember">Whether the app is in it.</param>
/// <param name="IsArchived">Whether nobody may write there any more.</param>
internal sealed record ChannelChange(string? Name, bool? IsMember, bool? IsArchived);

/// <summary>Workspaces, their people and what stands in their channels.</summary>
internal static class WorkspaceEndpoints
{
    private const int MaxShown = 200;

    public static void MapWorkspaces(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/sandbox/workspaces", (WorkspaceDirectory directory, IOptions<SandboxOptions> options) => new
        {
            Workspaces = directory.Workspaces.Take(MaxShown).Select(workspace => new
            {
                workspace.Seed.Id,
                workspace.EnterpriseId,
                workspace.Seed.Name,
                workspace.Seed.TimeZone,
                workspace.Seed.Locale,
                workspace.Seed.Bot,
                Channels = Shown(workspace.Seed.Channels, workspace.Channels.Values, channel => channel.Id),
                Learners = Shown(workspace.Seed.Learners, workspace.Learners.Values, learner => learner.Id)
                    .Select(learner => new { Learner = workspace.Learners[learner.Id], DirectMessageId = workspace.DirectMessageId(learner.Id) }),
                LearnerCount = workspace.Learners.Count,
            }),
            options.Value.SummarizerUrl,
            options.Value.NotifierUrl,
        });

        endpoints.MapPut("/sandbox/users/{teamId}/{userId}", (
            string teamId, string userId, LearnerChange change, WorkspaceDirectory directory, SandboxLedger ledger, TimeProvider time) =>
        {
            if (!SlackIds.IsWellFormed(teamId, "T") || !SlackIds.IsWellFormed(userId, "UW"))
                return Results.Problem("The ids must be a workspace's (T…) and a user's (U…).", statusCode: StatusCodes.Status400BadRequest);
            if (change.TimeZone is { Length: > 0 } zone && DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) is null)
                return Results.Problem("timeZone must be an IANA name, such as Asia/Seoul, or empty.", statusCode: StatusCodes.Status400BadRequest);
            if (change.UtcOffsetSeconds is < -50_400 or > 50_400)
                return Results.Problem("utcOffsetSeconds must be between -50400 and 50400.", statusCode: StatusCodes.Status400BadRequest);
            if (directory.RegisterUser(directory.Register(teamId), userId) is not { } learner)
                return Results.Problem("The directory is full (Sandbox:MaxDirectory).", statusCode: StatusCodes.Status503ServiceUnavailable);

            var changed = learner with
            {
                RealName = change.RealName ?? learner.RealName,
                TimeZone = change.TimeZone ?? learner.TimeZone,
                Locale = change.Locale ?? learner.Locale,
                Colour = change.Colour ?? learner.Colour,
                UtcOffsetSeconds = change.UtcOffsetSeconds ?? learner.UtcOffsetSeconds,
                Deleted = change.Deleted ?? learner.Deleted,
                IsBot = change.IsBot ?? learner.IsBot,
            };
            ledger.Record(new UserChanged(time.GetUtcNow(), teamId, changed));
            return Results.Ok(changed);
        });

        endpoints.MapPut("/sandbox/channels/{teamId}/{channelId}", (
            string teamId, string channelId, ChannelChange change, WorkspaceDirectory directory, SandboxLedger ledger, TimeProvider time) =>
        {
            if (!SlackIds.IsWellFormed(teamId, "T") || !SlackIds.IsWellFormed(channelId, "CG"))
                return Results.Problem("The ids must be a workspace's (T…) and a channel's (C…).", statusCode: StatusCodes.Status400BadRequest);
            var workspace = directory.Register(teamId);
            directory.RegisterChannel(workspace, channelId);
            if (!workspace.Channels.TryGetValue(channelId, out var channel))
                return Results.Problem("The directory is full (Sandbox:MaxDirectory).", statusCode: StatusCodes.Status503ServiceUnavailable);
            var changed = new SlackChannel(
                channelId, change.Name ?? channel.Name, change.IsMember ?? channel.IsMember, change.IsArchived ?? channel.IsArchived);
            ledger.Record(new ChannelChanged(time.GetUtcNow(), teamId, changed));
            return Results.Ok(changed);
        });

        endpoints.MapGet("/sandbox/conversations/{teamId}/{userId}", (
            string teamId, string userId, WorkspaceDirectory directory, SandboxLedger ledger, ViewMethods views) =>
            directory.Find(teamId) is { } workspace && workspace.Learners.ContainsKey(userId)
                ? Results.Ok(new
                {
                    ChannelId = workspace.DirectMessageId(userId),
                    Messages = Timeline(ledger, ledger.Messages(teamId, workspace.DirectMessageId(userId))),
                    Ephemeral = Timeline(ledger, ledger.Ephemeral(teamId, workspace.DirectMessageId(userId), userId)),
                    Home = views.HomeOf(teamId, userId),
                })
                : Results.NotFound());

        // userId: whose messages that nobody else sees are wanted too.
        endpoints.MapGet("/sandbox/channels/{teamId}/{channelId}", (string teamId, string channelId, string? userId, SandboxLedger ledger) => new
        {
            ChannelId = channelId,
            Messages = Timeline(ledger, ledger.Messages(teamId, channelId)),
            Ephemeral = userId is null ? [] : Timeline(ledger, ledger.Ephemeral(teamId, channelId, userId)),
        });
    }

    private static IEnumerable<object> Timeline(SandboxLedger ledger, IReadOnlyList<ChannelMessage> messages) =>
        messages.TakeLast(MaxShown).Select(message => new
        {
            message.Ts,
            message.UserId,
            message.BotId,
            message.Text,
            message.ThreadTs,
            message.EditedTs,
            message.Blocks,
            message.Metadata,
            message.Attachments,
            message.Files,
            Delivery = message.EventId is not null && ledger.Find(message.EventId) is { } entry ? EventView.Of(entry) : null,
        });

    /// <summary>Those of workspaces.json, then others as far as there is room.</summary>
    private static IEnumerable<T> Shown<T>(IReadOnlyList<T> seeded, ICollection<T> all, Func<T, string> id)
    {
        var known = seeded.Select(id).ToHashSet();
        return seeded.Concat(all.Where(one => !known.Contains(id(one))).Take(MaxShown).OrderBy(id, StringComparer.Ordinal));
    }
}
