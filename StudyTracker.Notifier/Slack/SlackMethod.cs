namespace StudyTracker.Notifier.Slack;

/// <summary>The methods of Slack's Web API that delivery calls; each has limits of its own.</summary>
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
}

/// <summary>What Slack calls its methods.</summary>
internal static class SlackMethods
{
    public static string Name(this SlackMethod method) => method switch
    {
        SlackMethod.Post => "chat.postMessage",
        SlackMethod.Update => "chat.update",
        SlackMethod.Open => "conversations.open",
        SlackMethod.Find => "conversations.history",
        SlackMethod.Test => "auth.test",
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, "No such method."),
    };
}
