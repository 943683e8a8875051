using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace StudyTracker.Sandbox.Workspaces;

/// <summary>
/// Every workspace, user and channel that this Slack knows. Those that workspaces.json does not name become known
/// when events mention them, so that load tests can invent as many learners as they like.
/// </summary>
internal sealed class WorkspaceDirectory
{
    private static readonly string[] _colours = ["1264a3", "2b7a78", "6b3fa0", "8a5a00", "a33b1f", "e01e5a"];
    private readonly SandboxOptions _options;
    private readonly WorkspaceSeed[] _seeds;
    private ConcurrentDictionary<string, Workspace> _workspaces = new();
    private int _invented;

    public WorkspaceDirectory(IOptions<SandboxOptions> options)
    {
        _options = options.Value;
        using var stream = typeof(WorkspaceDirectory).Assembly.GetManifestResourceStream("StudyTracker.Sandbox.workspaces.json")!;
        _seeds = JsonSerializer.Deserialize<WorkspaceSeed[]>(stream, SandboxJson.Options)!;
        Reset();
    }

    /// <summary>The workspaces, those of workspaces.json first.</summary>
    public IEnumerable<Workspace> Workspaces =>
        _workspaces.Values.OrderBy(workspace => Array.FindIndex(_seeds, seed => seed.Id == workspace.Id) is var i && i < 0 ? int.MaxValue : i)
            .ThenBy(workspace => workspace.Id, StringComparer.Ordinal);

    /// <summary>Forgets whatever is not in workspaces.json.</summary>
    public void Reset()
    {
        _workspaces = new ConcurrentDictionary<string, Workspace>(
            _seeds.Select(seed => KeyValuePair.Create(seed.Id, new Workspace(seed))));
        Interlocked.Exchange(ref _invented, 0);
    }

    /// <summary>The workspace; null when it is unknown.</summary>
    public Workspace? Find(string teamId) => _workspaces.GetValueOrDefault(teamId);

    /// <summary>The workspace for a caller of the Web API; null when it is unknown and may not become known this way.</summary>
    public Workspace? FindForCaller(string teamId) =>
        Find(teamId) ?? (_options.RegisterOnMention && SlackIds.IsWellFormed(teamId, "T") ? Register(teamId) : null);

    /// <summary>The workspace of an organisation; null when it is unknown.</summary>
    public Workspace? FindByEnterprise(string enterpriseId) => _workspaces.Values.FirstOrDefault(workspace => workspace.EnterpriseId == enterpriseId);

    /// <summary>The user for a caller of the Web API; null when it is unknown and may not become known this way.</summary>
    public Learner? FindUserForCaller(Workspace workspace, string? userId) =>
        userId is null || userId == workspace.Seed.Bot.UserId ? null
            : workspace.Learners.TryGetValue(userId, out var learner) ? learner
            : _options.RegisterOnMention && SlackIds.IsWellFormed(userId, "UW") ? RegisterUser(workspace, userId)
            : null;

    /// <summary>The workspace, made known if it was not.</summary>
    public Workspace Register(string teamId) => _workspaces.GetOrAdd(teamId, id => new Workspace(new WorkspaceSeed(
        id,
        $"Workspace {id}",
        id.ToLowerInvariant(),
        _options.DefaultTimeZone,
        _options.DefaultLocale,
        new Bot(SlackIds.Derive("U", $"bot-user:{id}"), SlackIds.Derive("B", $"bot:{id}"), "StudyTracker"),
        [],
        [])));

    /// <summary>The user with the workspace's defaults, made known if it was not; null when the directory is full.</summary>
    public Learner? RegisterUser(Workspace workspace, string userId)
    {
        if (workspace.Learners.TryGetValue(userId, out var known)) return known;
        if (Interlocked.Increment(ref _invented) > _options.MaxDirectory) return null;
        var colour = _colours[SlackIds.Derive("", userId)[0] % _colours.Length];
        var learner = new Learner(userId, userId.ToLowerInvariant(), $"Learner {userId}", workspace.Seed.TimeZone, workspace.Seed.Locale, colour);
        workspace.Add(learner);
        return learner;
    }

    /// <summary>Makes a public channel known if it was not.</summary>
    public void RegisterChannel(Workspace workspace, string channelId)
    {
        if (!SlackIds.IsWellFormed(channelId, "CG") || workspace.Channels.ContainsKey(channelId)) return;
        if (Interlocked.Increment(ref _invented) > _options.MaxDirectory) return;
        workspace.Channels.TryAdd(channelId, new SlackChannel(channelId, channelId.ToLowerInvariant()));
    }
}
