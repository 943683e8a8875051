using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.TimeZones;
using StudyTracker.Sandbox.Events;
using StudyTracker.Sandbox.Faults;
using StudyTracker.Sandbox.Workspaces;

namespace StudyTracker.Sandbox.WebApi;

/// <summary><c>users.info</c>, <c>users.list</c>, <c>bots.info</c> and <c>team.info</c>.</summary>
internal sealed class UserMethods(WorkspaceDirectory directory, FaultInjector faults, TimeProvider time) : IApiMethods
{
    private const int MaxPage = 1_000;
    private static readonly string[] _read = ["users:read"];

    public IEnumerable<ApiMethod> Methods =>
    [
        // Without a user it says user_not_found, as was measured; a JSON body, which it does not look at, ends there too.
        new("users.info", Tier.Four, Body.Form, _read, [], Info),
        new("users.list", Tier.Two, Body.Form, _read, [], List),
        new("bots.info", Tier.Three, Body.Form, _read, [], BotInfo),
        new("team.info", Tier.Three, Body.FormOrJson, ["team:read"], [], TeamInfo),
    ];

    private ApiAnswer Info(Workspace workspace, ApiArguments arguments)
    {
        var id = arguments.Text("user");
        if (id is not null && faults.Settings.PerUser.GetValueOrDefault(id) is "user_not_found") return ApiAnswer.Error("user_not_found");
        var user = id == workspace.Seed.Bot.UserId ? BotUser(workspace) : directory.FindUserForCaller(workspace, id);
        return user is null
            ? ApiAnswer.Error("user_not_found")
            : ApiAnswer.Ok(new JsonObject { ["user"] = Describe(workspace, user, arguments.Flag("include_locale")) });
    }

    private ApiAnswer List(Workspace workspace, ApiArguments arguments)
    {
        var everybody = workspace.Learners.Values.Append(BotUser(workspace)).OrderBy(user => user.Id, StringComparer.Ordinal);
        // Without a limit Slack tries to list everybody, and gives up with limit_required when there are too many.
        if (arguments.Text("limit") is null && workspace.Learners.Count >= MaxPage) return ApiAnswer.Error("limit_required");
        var (page, next, problem) = Paging.Page(arguments, everybody, user => user.Id, MaxPage, MaxPage);
        return page is null ? ApiAnswer.Error(problem!) : ApiAnswer.Ok(new JsonObject
        {
            ["members"] = new JsonArray([.. page.Select(user => Describe(workspace, user, arguments.Flag("include_locale")))]),
            ["cache_ts"] = time.GetUtcNow().ToUnixTimeSeconds(),
            ["response_metadata"] = Paging.Metadata(next),
        });
    }

    private ApiAnswer BotInfo(Workspace workspace, ApiArguments arguments)
    {
        var bot = workspace.Seed.Bot;
        if (arguments.Text("bot") is { } id && id != bot.BotId) return ApiAnswer.Error("bot_not_found");
        return ApiAnswer.Ok(new JsonObject
        {
            ["bot"] = new JsonObject
            {
                ["id"] = bot.BotId,
                ["deleted"] = false,
                ["name"] = bot.Name,
                ["updated"] = time.GetUtcNow().ToUnixTimeSeconds(),
                ["app_id"] = SlackEnvelope.AppId,
                ["user_id"] = bot.UserId,
            },
        });
    }

    private ApiAnswer TeamInfo(Workspace workspace, ApiArguments arguments) =>
        arguments.Text("team") is { } id && id != workspace.Id
            ? ApiAnswer.Error("team_not_found")
            : ApiAnswer.Ok(new JsonObject
            {
                ["team"] = new JsonObject
                {
                    ["id"] = workspace.Id,
                    ["name"] = workspace.Seed.Name,
                    ["url"] = workspace.Url,
                    ["domain"] = workspace.Seed.Domain,
                    ["email_domain"] = "",
                    ["is_verified"] = false,
                },
            });

    private static Learner BotUser(Workspace workspace)
    {
        var (seed, bot) = (workspace.Seed, workspace.Seed.Bot);
        return new Learner(bot.UserId, bot.Name.ToLowerInvariant(), bot.Name, seed.TimeZone, seed.Locale, "4a154b", IsBot: true);
    }

    private JsonObject Describe(Workspace workspace, Learner user, bool withLocale)
    {
        var json = new JsonObject
        {
            ["id"] = user.Id,
            ["team_id"] = workspace.Id,
            ["name"] = user.Name,
            ["deleted"] = user.Deleted,
            ["color"] = user.Colour,
            ["real_name"] = user.RealName,
        };
        // Of somebody who is gone Slack tells no time zone.
        if (!user.Deleted)
        {
            var (label, offsetSeconds) = Zone(user);
            json["tz"] = user.TimeZone.Length > 0 ? user.TimeZone : null;
            json["tz_label"] = label;
            json["tz_offset"] = offsetSeconds;
        }

        var profile = new JsonObject
        {
            ["title"] = "",
            ["phone"] = "",
            ["real_name"] = user.RealName,
            ["real_name_normalized"] = user.RealName,
            ["display_name"] = user.Name,
            ["display_name_normalized"] = user.Name,
            ["status_text"] = "",
            ["status_emoji"] = "",
            ["status_expiration"] = 0,
            ["avatar_hash"] = "",
            ["team"] = workspace.Id,
        };
        if (user.IsBot)
        {
            profile["api_app_id"] = SlackEnvelope.AppId;
            profile["always_active"] = true;
            profile["bot_id"] = workspace.Seed.Bot.BotId;
        }

        json["profile"] = profile;
        foreach (var flag in (string[])["is_admin", "is_owner", "is_primary_owner", "is_restricted", "is_ultra_restricted"]) json[flag] = false;
        json["is_bot"] = user.IsBot;
        json["is_app_user"] = false;
        json["updated"] = time.GetUtcNow().ToUnixTimeSeconds();
        json["is_email_confirmed"] = !user.IsBot;
        json["who_can_share_contact_card"] = "EVERYONE";
        if (withLocale) json["locale"] = user.Locale;
        return json;
    }

    /// <summary>What Slack calls a zone, and how far it is from UTC now. TZDB knows the old names of zones too, as Slack does.</summary>
    private (string Label, int OffsetSeconds) Zone(Learner user)
    {
        var zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(user.TimeZone);
        var offset = user.UtcOffsetSeconds ?? zone?.GetUtcOffset(Instant.FromDateTimeOffset(time.GetUtcNow())).Seconds ?? 0;
        var name = TzdbDateTimeZoneSource.Default.CanonicalIdMap.TryGetValue(user.TimeZone, out var present) ? present : user.TimeZone;
        return (TimeZoneInfo.TryFindSystemTimeZoneById(name, out var known) ? known.StandardName : name, offset);
    }
}
