using System.Collections.Concurrent;

namespace StudyTracker.Sandbox.Workspaces;

/// <summary>The app as a member of a workspace.</summary>
/// <param name="UserId">The user that its messages come from.</param>
/// <param name="BotId">Its bot id.</param>
/// <param name="Name">Its name.</param>
internal sealed record Bot(string UserId, string BotId, string Name);

/// <summary>A public channel.</summary>
/// <param name="Id">Its id, C….</param>
/// <param name="Name">Its name without #.</param>
/// <param name="IsMember">Whether the app is in it.</param>
/// <param name="IsArchived">Whether nobody may write there any more.</param>
internal sealed record SlackChannel(string Id, string Name, bool IsMember = true, bool IsArchived = false);

/// <summary>A person in a workspace.</summary>
/// <param name="Id">Slack's user id.</param>
/// <param name="Name">Handle.</param>
/// <param name="RealName">Name that is shown.</param>
/// <param name="TimeZone">Name in TZDB, be it an old one; empty: Slack does not know it.</param>
/// <param name="Locale">Such as ko-KR.</param>
/// <param name="Colour">Six hexadecimal digits.</param>
/// <param name="UtcOffsetSeconds">What Slack says of the distance to UTC; null: what the time zone says.</param>
/// <param name="Deleted">Whether the account was deactivated.</param>
/// <param name="IsBot">Whether it is a bot's.</param>
internal sealed record Learner(
    string Id,
    string Name,
    string RealName,
    string TimeZone,
    string Locale,
    string Colour,
    int? UtcOffsetSeconds = null,
    bool Deleted = false,
    bool IsBot = false);

/// <summary>A workspace as workspaces.json describes it.</summary>
internal sealed record WorkspaceSeed(
    string Id,
    string Name,
    string Domain,
    string TimeZone,
    string Locale,
    Bot Bot,
    IReadOnlyList<SlackChannel> Channels,
    IReadOnlyList<Learner> Learners);

/// <summary>A workspace and everybody in it. Safe for concurrent use.</summary>
internal sealed class Workspace
{
    public Workspace(WorkspaceSeed seed)
    {
        Seed = seed;
        foreach (var channel in seed.Channels) Channels[channel.Id] = channel;
        foreach (var learner in seed.Learners) Add(learner);
    }

    public WorkspaceSeed Seed { get; }

    public string Id => Seed.Id;

    /// <summary>Its address, with a slash at the end.</summary>
    public string Url => $"https://{Seed.Domain}.slack.com/";

    /// <summary>The organisation it belongs to, when the app is installed for one.</summary>
    public string EnterpriseId => SlackIds.Derive("E", $"enterprise:{Id}");

    public ConcurrentDictionary<string, SlackChannel> Channels { get; } = new();

    public ConcurrentDictionary<string, Learner> Learners { get; } = new();

    /// <summary>Channel id of each direct conversation with the app → its learner.</summary>
    public ConcurrentDictionary<string, string> DirectMessages { get; } = new();

    /// <summary>The direct conversation of the app with a user; the same id at every start.</summary>
    public string DirectMessageId(string userId) => SlackIds.Derive("D", $"{Id}:{userId}");

    public void Add(Learner learner)
    {
        Learners[learner.Id] = learner;
        DirectMessages[DirectMessageId(learner.Id)] = learner.Id;
    }
}
