namespace StudyTracker.Ingress;

/// <summary>
/// What a request of Slack's tells about where it comes from: enough to say whose installation of the app it is for, and in
/// which workspace its author is at home.
/// </summary>
internal ref struct Origin
{
    /// <summary>
    /// The envelope's workspace. In a channel that several organisations share, it may be the author's, or that of whoever opened
    /// the channel.
    /// </summary>
    public JsonText TeamId;

    /// <summary>The organisation of <see cref="TeamId"/>, if it belongs to one.</summary>
    public JsonText EnterpriseId;

    /// <summary>The workspace for which the app is told.</summary>
    public JsonText ContextTeamId;

    public JsonText ContextEnterpriseId;

    /// <summary>The workspace that the first authorization names: one that has installed the app.</summary>
    public JsonText InstalledTeamId;

    public JsonText InstalledEnterpriseId;

    /// <summary>Whether the app is installed for a whole organisation.</summary>
    public bool IsEnterpriseInstall;

    /// <summary>Whether the channel is shared with another organisation (Slack Connect).</summary>
    public bool IsExternallyShared;

    /// <summary>The organisation that has installed the app for all of its workspaces; no id when it was installed for one.</summary>
    public readonly JsonText Organisation => IsEnterpriseInstall || !Workspace.IsId
        ? InstalledEnterpriseId.Or(ContextEnterpriseId).Or(EnterpriseId)
        : default;

    /// <summary>Whose token serves this: an organisation's, or a workspace's.</summary>
    public readonly JsonText Installation => Organisation.Or(Workspace);

    private readonly JsonText Workspace => TeamId.Or(ContextTeamId).Or(InstalledTeamId);

    /// <summary>Where somebody is at home, so that one person is one member whatever envelope their words come in.</summary>
    /// <param name="told">
    /// The workspace that the message itself names for its author; of organisations, Slack at times tells the organisation instead.
    /// </param>
    public readonly JsonText HomeOf(JsonText told)
    {
        var author = told.Or(Workspace);
        var organisation = Organisation;
        if (organisation.IsId && (!IsExternallyShared || IsOf(organisation, author))) return organisation;
        if (author.IsSameId(EnterpriseId)) return TeamId.Or(author);
        return author.IsSameId(ContextEnterpriseId) ? ContextTeamId.Or(author) : author;
    }

    /// <summary>Whether the app was to be told of this for one of some workspaces or organisations, or its author is at home in one.</summary>
    public readonly bool IsOfAny(IReadOnlySet<string> teams, string home) =>
        teams.Contains(home) || teams.Contains(TeamId.ToString()) || teams.Contains(EnterpriseId.ToString())
        || teams.Contains(ContextTeamId.ToString()) || teams.Contains(InstalledTeamId.ToString()) || teams.Contains(Installation.ToString());

    // Of a workspace that is neither the envelope's nor the app's own nothing more is known: it is taken for a guest's.
    private readonly bool IsOf(JsonText organisation, JsonText author) =>
        !author.IsId
        || author.IsSameId(organisation)
        || author.IsSameId(ContextTeamId)
        || (author.IsSameId(TeamId) && organisation.IsSameId(EnterpriseId.Or(organisation)));
}
