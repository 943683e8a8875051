using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using StudyTracker.Sandbox.Events;
using StudyTracker.Sandbox.Faults;
using StudyTracker.Sandbox.WebApi.Blocks;
using StudyTracker.Sandbox.Workspaces;

namespace StudyTracker.Sandbox.WebApi;

/// <summary><c>views.publish</c> and <c>views.open</c>.</summary>
internal sealed class ViewMethods(WorkspaceDirectory directory, Triggers triggers, FaultInjector faults) : IApiMethods
{
    private const int MaxViews = 10_000, MaxTitle = 24, MaxPrivate = 3_000, MaxViewCharacters = 250_000;
    private static readonly string[] _home = ["type", "blocks", "private_metadata", "callback_id", "external_id"];
    private static readonly string[] _modal =
        [.. _home, "title", "submit", "close", "clear_on_close", "notify_on_close", "submit_disabled"];
    private readonly ConcurrentDictionary<(string Team, string User), (JsonElement View, string Hash)> _homes = new();

    public IEnumerable<ApiMethod> Methods =>
    [
        new("views.publish", Tier.Four, Body.FormOrJson, [], ["user_id", "view"], Publish),
        new("views.open", Tier.Four, Body.FormOrJson, [], ["view"], Open),
    ];

    /// <summary>The Home view that the app published for a user.</summary>
    public JsonElement? HomeOf(string teamId, string userId) => _homes.TryGetValue((teamId, userId), out var home) ? home.View : null;

    private ApiAnswer Publish(Workspace workspace, ApiArguments arguments)
    {
        if (directory.FindUserForCaller(workspace, arguments.Text("user_id")) is not { } user)
            return ApiAnswer.Error("invalid_arguments", "invalid `user_id`");
        if (faults.Settings.PerUser.TryGetValue(user.Id, out var forced)) return ApiAnswer.Error(forced);
        if (!arguments.TryJson("view", out var view) || view is not { ValueKind: JsonValueKind.Object } given) return NoView();
        if (Problems(given, "home", _home) is { Count: > 0 } problems) return ApiAnswer.InvalidArguments(problems);
        if (given.GetRawText().Length > MaxViewCharacters) return ApiAnswer.Error("view_too_large");

        var key = (workspace.Id, user.Id);
        if (arguments.Text("hash") is { } hash && (!_homes.TryGetValue(key, out var current) || current.Hash != hash)) return ApiAnswer.Error("hash_conflict");
        if (_homes.Count >= MaxViews) _homes.Clear();
        _homes[key] = (given, $"{SlackIds.New("")}.{SlackIds.New("")}");
        return Shown(workspace, given, SlackIds.Derive("V", $"{workspace.Id}:{user.Id}"), _homes[key].Hash);
    }

    private ApiAnswer Open(Workspace workspace, ApiArguments arguments)
    {
        if (triggers.Exchange(arguments.Text("trigger_id")) is { } refused) return ApiAnswer.Error(refused);
        if (!arguments.TryJson("view", out var view) || view is not { ValueKind: JsonValueKind.Object } given) return NoView();
        if (Problems(given, "modal", _modal) is { Count: > 0 } problems) return ApiAnswer.InvalidArguments(problems);
        return given.GetRawText().Length > MaxViewCharacters
            ? ApiAnswer.Error("view_too_large")
            : Shown(workspace, given, SlackIds.New("V"), $"{SlackIds.New("")}.{SlackIds.New("")}");
    }

    private static ApiAnswer NoView() => ApiAnswer.InvalidArguments("must provide an object [json-pointer:/view]");

    private static List<string> Problems(JsonElement view, string wantedType, string[] known)
    {
        var problems = new List<string>();
        if (!view.TryGetProperty("type", out var type)) problems.Add("missing required field: type [json-pointer:/view]");
        else if (type.ValueKind != JsonValueKind.String || type.GetString() != wantedType) problems.Add($"unsupported type: {type} [json-pointer:/view/type]");
        foreach (var member in view.EnumerateObject().Where(member => !known.Contains(member.Name)))
            problems.Add($"invalid additional property: {member.Name} [json-pointer:/view]");
        if (view.TryGetProperty("private_metadata", out var text) && text.ToString().Length > MaxPrivate)
            problems.Add($"must be less than {MaxPrivate + 1} characters [json-pointer:/view/private_metadata]");
        if (wantedType == "modal") CheckTitles(view, problems);
        if (!view.TryGetProperty("blocks", out var blocks)) problems.Add("missing required field: blocks [json-pointer:/view]");
        else problems.AddRange(BlockRules.OfView(blocks));
        if (wantedType == "modal" && problems.Count == 0 && !view.TryGetProperty("submit", out _)) CheckSubmit(blocks, problems);
        if (problems.Count > 0) problems.Insert(0, "failed to match all allowed schemas [json-pointer:/view]");
        return problems;
    }

    private static void CheckTitles(JsonElement view, List<string> problems)
    {
        if (!view.TryGetProperty("title", out _)) problems.Add("missing required field: title [json-pointer:/view]");
        foreach (var name in (string[])["title", "submit", "close"])
        {
            if (view.TryGetProperty(name, out var title)) RuleBook.Slack.Plain(MaxTitle).Check(title, $"/view/{name}", problems);
        }
    }

    private static void CheckSubmit(JsonElement blocks, List<string> problems)
    {
        var index = 0;
        foreach (var block in blocks.EnumerateArray())
        {
            if (block.GetProperty("type").GetString() == "input") problems.Add($"must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/{index}/input]");
            index++;
        }
    }

    private static ApiAnswer Shown(Workspace workspace, JsonElement view, string id, string hash)
    {
        var json = SandboxJson.ToNode(view)!.AsObject();
        json["blocks"] = SandboxJson.ToNode(BlockElements.WithIds(view.GetProperty("blocks")));
        json["id"] = id;
        json["team_id"] = workspace.Id;
        json["private_metadata"] ??= "";
        json["callback_id"] ??= "";
        json["external_id"] ??= "";
        json["state"] = new JsonObject { ["values"] = new JsonObject() };
        json["hash"] = hash;
        json["root_view_id"] = id;
        json["previous_view_id"] = null;
        json["app_id"] = SlackEnvelope.AppId;
        json["bot_id"] = workspace.Seed.Bot.BotId;
        return ApiAnswer.Ok(new JsonObject { ["view"] = json });
    }
}
