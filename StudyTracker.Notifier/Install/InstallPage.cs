using System.Text;
using StudyTracker.Notifier.Slack;

namespace StudyTracker.Notifier.Install;

/// <summary>What a workspace's owner reads at the end: what became of it, in Slack's word where there is one, and what to do next.</summary>
internal static class InstallPage
{
    private const int MaxWordLength = 64;

    /// <summary>It did not begin here.</summary>
    public static IResult NotOurs => Said(
        StatusCodes.Status400BadRequest, "This did not begin here, or took longer than ten minutes. Nothing was installed. Begin at /slack/install.");

    /// <summary>Installed.</summary>
    public static IResult Installed(InstallationGrant grant) => Said(
        StatusCodes.Status200OK,
        grant.IsOrganisation
            ? $"StudyTracker is installed for the organisation {grant.Name}. Its admins choose in which workspaces it may be used. Invite it to a channel there and write what you studied."
            : "StudyTracker is installed. Invite it to a channel and write what you studied.");

    /// <summary>Installed by somebody who may not.</summary>
    public static IResult NotAllowed(InstallationGrant grant) => Said(
        StatusCodes.Status403Forbidden,
        $"StudyTracker is not for this {(grant.IsOrganisation ? "organisation" : "workspace")} ({grant.TeamId}). Nothing was installed; remove the app in Slack.");

    /// <summary>Slack's page sent the browser back without a code.</summary>
    public static IResult NotPermitted(string? error) => Said(
        StatusCodes.Status400BadRequest,
        WordOf(error) is not { } word ? "Slack did not allow it. Nothing was installed. Begin again at /slack/install."
        : word == "access_denied" ? "It was not allowed on Slack's page (access_denied). Nothing was installed. Begin again at /slack/install, or ask an owner of the workspace to."
        : $"Slack did not allow it ({word}). Nothing was installed. {AdviceFor(word)}");

    /// <summary>Slack gave no token for the code.</summary>
    public static IResult NotGranted(SlackAnswer<InstallationGrant> answer)
    {
        if (answer.Outcome != SlackOutcome.Refused)
        {
            return Said(
                StatusCodes.Status502BadGateway,
                $"Slack could not be asked for the token ({WordOf(answer.Error) ?? "no answer"}). Nothing was installed. Begin again at /slack/install in a minute.");
        }

        var word = WordOf(answer.Error) ?? "unknown_error";
        return Said(
            IsBrowsers(word) ? StatusCodes.Status400BadRequest : StatusCodes.Status502BadGateway,
            $"Slack did not hand out a token ({word}). Nothing was installed. {AdviceFor(word)}");
    }

    /// <summary>Whether whoever installs can mend it: by beginning again.</summary>
    private static bool IsBrowsers(string word) => word is "invalid_code" or "code_already_used" or SlackOAuth.NoBotToken;

    private static string AdviceFor(string word) => word switch
    {
        "invalid_code" or "code_already_used" => "Slack's permission was used before, or is older than ten minutes. Begin again at /slack/install.",
        SlackOAuth.NoBotToken => "Slack gave a token of yours and none of the app's. The operator has to give the app its bot scopes (OAuth & Permissions); then begin again at /slack/install.",
        "bad_redirect_uri" or "redirect_uri_mismatch" =>
            "The operator has to add this page's address, without what follows the question mark, to the app's redirect URLs (OAuth & Permissions).",
        "invalid_client_id" or "bad_client_secret" => "The operator has to check Slack:ClientId and Slack:ClientSecret (Basic Information).",
        "invalid_scope" or "no_scopes" or "scope_not_allowed_on_enterprise" or "invalid_scope_requested" =>
            "The operator has to give the app the bot scopes of the manifest (OAuth & Permissions).",
        "invalid_team_for_non_distributed_app" or "distribution_not_enabled" or "app_not_distributed" =>
            "The operator has to allow the app's distribution (Manage Distribution): without it, only the workspace that made it can install it.",
        "org_login_required" or "team_added_to_org" => "The workspace is being moved into an organisation. Begin again when Slack has finished.",
        _ => "Tell the operator this word, or begin again at /slack/install.",
    };

    /// <summary>Slack's word, when it looks like one: it may come from the address, where anybody can write anything.</summary>
    private static string? WordOf(string? error) =>
        error is { Length: > 0 and <= MaxWordLength } && error.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '.' or '-') ? error : null;

    private static IResult Said(int status, string text) => Results.Text(text, "text/plain", Encoding.UTF8, status);
}
