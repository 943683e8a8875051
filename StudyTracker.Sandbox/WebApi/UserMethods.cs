using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using StudyTracker.Sandbox.Events;
using StudyTracker.Sandbox.Faults;
using StudyTracker.Sandbox.Workspaces;

namespace StudyTracker.Sandbox.WebApi;

/// <summary><c>auth.test</c>, <c>users.info</c> and <c>views.publish</c>.</summary>
internal sealed class UserMethods(WorkspaceDirectory directory, FaultInjector faults, TimeProvider time)
{
    private const int MaxViews = 10_000;
    private readonly ConcurrentDictionary<(string Team, string User), JsonElement> _homes = new();

    public static ApiAnswer Test(Workspace workspace) => ApiAnswer.Ok(new JsonObject
    {
        ["url"] = $"https://{workspace.Seed.Domain}.slack.com/",
        ["team"] = workspace.Seed.Name,
        ["user"] = workspace.Seed.Bot.Name,
        ["team_id"] = workspace.Id,
        ["user_id"] = workspace.Seed.Bot.UserId,
        ["bot_id"] = workspace.Seed.Bot.BotId,
        ["is_enterprise_install"] = false,
    });

    public ApiAnswer Info(Workspace workspace, ApiArguments arguments)
    {
        var id = arguments.Text("user");
        var bot = workspace.Seed.Bot;
        if (id is not null && faults.Settings.PerUser.GetValueOrDefault(id) is "user_not_found") return ApiAnswer.Error("user_not_found");
        var user = id == bot.UserId
            ? new Learner(bot.UserId, bot.Name.ToLowerInvariant(), bot.Name, workspace.Seed.TimeZone, workspace.Seed.Locale, "4a154b")
            : directory.FindUserForCaller(workspace, id);
        if (user is null) return ApiAnswer.Error("user_not_found");

        var zone = TimeZoneInfo.FindSystemTimeZoneById(user.TimeZone);
        var json = new JsonObject
        {
            ["id"] = user.Id,
            ["team_id"] = workspace.Id,
            ["name"] = user.Name,
            ["deleted"] = false,
            ["color"] = user.Colour,
            ["real_name"] = user.RealName,
            ["tz"] = user.TimeZone,
            ["tz_label"] = zone.StandardName,
            ["tz_offset"] = (int)zone.GetUtcOffset(time.GetUtcNow()).TotalSeconds,
            ["profile"] = new JsonObject { ["real_name"] = user.RealName, ["display_name"] = user.Name, ["team"] = workspace.Id },
            ["is_admin"] = false,
            ["is_owner"] = false,
            ["is_restricted"] = false,
            ["is_bot"] = id == bot.UserId,
            ["is_app_user"] = false,
            ["updated"] = time.GetUtcNow().ToUnixTimeSeconds(),
        };
        if (arguments.Flag("include_locale")) json["locale"] = user.Locale;
        return ApiAnswer.Ok(new JsonObject { ["user"] = json });
    }

    public ApiAnswer Publish(Workspace workspace, ApiArguments arguments)
    {
        var id = arguments.Text("user_id");
        if (directory.FindUserForCaller(workspace, id) is not { } user) return ApiAnswer.Error("user_not_found");
        if (faults.Settings.PerUser.TryGetValue(user.Id, out var forced)) return ApiAnswer.Error(forced);
        if (!arguments.TryJson("view", out var view) || view is not { ValueKind: JsonValueKind.Object } given)
            return ApiAnswer.Error("invalid_arguments", "[ERROR] missing required field: view");
        if (!given.TryGetProperty("type", out var type) || type.ValueEquals("home") is false)
            return ApiAnswer.Error("invalid_arguments", "[ERROR] unsupported type [json-pointer:/view/type]");
        if (!given.TryGetProperty("blocks", out var blocks)) return ApiAnswer.Error("invalid_arguments", "[ERROR] missing required field: blocks");
        if (BlockRules.Problem(blocks, BlockRules.MaxInHome) is { } problem) return ApiAnswer.Error("invalid_arguments", $"[ERROR] {problem}");

        if (_homes.Count < MaxViews) _homes[(workspace.Id, user.Id)] = given;
        return ApiAnswer.Ok(new JsonObject
        {
            ["view"] = new JsonObject
            {
                ["id"] = SlackIds.Derive("V", $"{workspace.Id}:{user.Id}"),
                ["team_id"] = workspace.Id,
                ["type"] = "home",
                ["blocks"] = JsonNode.Parse(blocks.GetRawText()),
                ["hash"] = SlackIds.New(""),
                ["app_id"] = SlackEnvelope.AppId,
                ["bot_id"] = workspace.Seed.Bot.BotId,
            },
        });
    }

    /// <summary>The Home view that the app published for a user.</summary>
    public JsonElement? HomeOf(string teamId, string userId) => _homes.TryGetValue((teamId, userId), out var view) ? view : null;
}
