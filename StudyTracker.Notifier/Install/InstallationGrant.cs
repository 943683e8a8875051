using System.Text.Json;
using System.Text.Json.Nodes;
using StudyTracker.Notifier.Slack;

namespace StudyTracker.Notifier.Install;

/// <summary>A bot token that Slack grants.</summary>
/// <param name="Token">The token.</param>
/// <param name="RefreshToken">What the next one is got with; null: there is none.</param>
/// <param name="Lifetime">How long it is good for; null: until it is revoked.</param>
internal sealed record TokenGrant(string Token, string? RefreshToken, TimeSpan? Lifetime)
{
    /// <summary>Reads the answer of oauth.v2.access. Whatever else is missing: a token that is there must not be lost.</summary>
    /// <exception cref="NoBotTokenException">It grants a user's token at most.</exception>
    public static TokenGrant Read(JsonObject answer) => new(
        SlackReply.Text(answer, "token_type") != "user" && SlackReply.Text(answer, "access_token") is { Length: > 0 } token
            ? token
            : throw new NoBotTokenException(),
        SlackReply.Text(answer, "refresh_token") is { Length: > 0 } refresh ? refresh : null,
        SlackReply.Number(answer, "expires_in") is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : null);
}

/// <summary>What Slack grants when the app is installed.</summary>
/// <param name="TeamId">The workspace; for an organisation as a whole, the organisation (<c>E…</c>).</param>
/// <param name="Name">What it is called.</param>
/// <param name="IsOrganisation">Whether the app is installed for the organisation as a whole.</param>
/// <param name="EnterpriseId">The organisation that a workspace belongs to; null: none.</param>
/// <param name="Scopes">What the token allows.</param>
/// <param name="Bot">The token.</param>
internal sealed record InstallationGrant(string TeamId, string Name, bool IsOrganisation, string? EnterpriseId, string Scopes, TokenGrant Bot)
{
    /// <summary>Reads the answer of oauth.v2.access.</summary>
    /// <exception cref="NoBotTokenException">It grants a user's token at most.</exception>
    /// <exception cref="JsonException">It does not say to whom.</exception>
    public static InstallationGrant Read(JsonObject answer)
    {
        var bot = TokenGrant.Read(answer);
        var isOrganisation = answer["is_enterprise_install"]?.GetValueKind() == JsonValueKind.True;
        var (team, enterprise) = (answer["team"] as JsonObject ?? [], answer["enterprise"] as JsonObject ?? []);
        var owner = isOrganisation ? enterprise : team;
        return new InstallationGrant(
            SlackReply.Text(owner, "id") is { Length: > 0 } id ? id : throw new JsonException("The answer names neither a workspace nor an organisation."),
            SlackReply.Text(owner, "name") ?? "",
            isOrganisation,
            isOrganisation ? null : SlackReply.Text(enterprise, "id"),
            SlackReply.Text(answer, "scope") ?? "",
            bot);
    }
}

/// <summary>Slack granted a user's token at most.</summary>
internal sealed class NoBotTokenException : Exception
{
    public NoBotTokenException() : base("no_bot_token")
    {
    }
}
