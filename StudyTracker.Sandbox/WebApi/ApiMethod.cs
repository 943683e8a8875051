using StudyTracker.Sandbox.Workspaces;

namespace StudyTracker.Sandbox.WebApi;

/// <summary>A method of the Web API, as its page of Slack's documentation describes it.</summary>
/// <param name="Name">Such as <c>chat.postMessage</c>.</param>
/// <param name="Tier">How often it may be called.</param>
/// <param name="Body">Which bodies its arguments are taken from.</param>
/// <param name="Scopes">Any of these allows it; none are needed when it is empty.</param>
/// <param name="Required">Arguments that must be there, even if empty.</param>
/// <param name="Answer">Answers a call.</param>
internal sealed record ApiMethod(
    string Name, Tier Tier, Body Body, string[] Scopes, string[] Required, Func<Workspace, ApiArguments, ApiAnswer> Answer);

/// <summary>Methods that belong together.</summary>
internal interface IApiMethods
{
    /// <summary>The methods.</summary>
    IEnumerable<ApiMethod> Methods { get; }
}

/// <summary>Which bodies a method takes its arguments from; the query is always one more place.</summary>
internal enum Body
{
    /// <summary>A form only. A JSON body is not looked at, so that its arguments are missing.</summary>
    Form,

    /// <summary>A form or a JSON object.</summary>
    FormOrJson,
}

/// <summary>Slack's tiers: so many calls a minute of one method from one workspace.</summary>
internal enum Tier
{
    /// <summary>Limited in a way of its own: chat.postMessage by its channel.</summary>
    OfItsOwn = 0,

    /// <summary>Tier 2.</summary>
    Two = 20,

    /// <summary>Tier 3.</summary>
    Three = 50,

    /// <summary>Tier 4.</summary>
    Four = 100,

    /// <summary>"Hundreds of requests a minute", as auth.test and chat.getPermalink have.</summary>
    Special = 600,
}
