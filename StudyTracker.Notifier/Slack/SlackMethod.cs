namespace StudyTracker.Notifier.Slack;

/// <summary>The methods of Slack's Web API that the Notifier calls; each has limits of its own.</summary>
internal enum SlackMethod
{
    /// <summary>chat.postMessage.</summary>
    Post,

    /// <summary>chat.update.</summary>
    Update,

    /// <summary>conversations.open.</summary>
    Open,

    /// <summary>conversations.history.</summary>
    Find,

    /// <summary>auth.test.</summary>
    Test,

    /// <summary>users.info.</summary>
    Profile,
}

/// <summary>What Slack calls its methods, and how it wants to be asked.</summary>
internal static class SlackMethods
{
    /// <summary>
    /// Whether the arguments are sent as a query. What only reads is documented for forms and queries, not for JSON, which Slack
    /// takes for no arguments at all there.
    /// </summary>
    public static bool IsRead(this SlackMethod method) => method is SlackMethod.Find or SlackMethod.Test or SlackMethod.Profile;

    public static string Name(this SlackMethod method) => method switch
    {
        SlackMethod.Post => "chat.postMessage",
        SlackMethod.Update => "chat.update",
        SlackMethod.Open => "conversations.open",
        SlackMethod.Find => "conversations.history",
        SlackMethod.Test => "auth.test",
        SlackMethod.Profile => "users.info",
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, "No such method."),
    };
}
