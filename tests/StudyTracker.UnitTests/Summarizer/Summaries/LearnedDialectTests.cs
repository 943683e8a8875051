using System.Text.Json;
using Microsoft.AspNetCore.Http;
using StudyTracker.Contracts;
using StudyTracker.Kafka;
using StudyTracker.Summarizer.Summaries;

namespace StudyTracker.UnitTests.Summarizer.Summaries;

/// <summary>Servers that know only a part of OpenAI's API: each part that one does not know costs one refusal, whoever asks.</summary>
public sealed class LearnedDialectTests
{
    private const int Jobs = 12;

    [Theory]
    [InlineData(400)]
    [InlineData(422)]
    [InlineData(500)]
    public async Task A_server_without_schemas_is_asked_for_a_JSON_object_after_one_refusal_of_all(int status)
    {
        await using var server = await ModelServer.StartAsync(request =>
            Format(request) == "json_schema" ? ModelServer.Refuses(status, "response_format json_schema is not supported") : ModelServer.Says("{}"));

        await AllAnsweredAsync(server);

        server.Calls.ShouldBe(Jobs + 1);
        server.Requests.Count(request => Format(request) == "json_schema").ShouldBe(1);
        server.Requests.Last().GetProperty("messages")[0].GetProperty("content").GetString().ShouldNotBeNull().ShouldContain("\"additionalProperties\":false");
    }

    [Theory]
    [InlineData("This response_format type is unavailable now", "json_schema json_object", 2)]
    [InlineData("Unrecognized request argument supplied: response_format", "json_schema json_object", 1)]
    public async Task A_server_without_formats_is_asked_in_words(string words, string refused, int refusals)
    {
        await using var server = await ModelServer.StartAsync(request =>
            Format(request) is { } format && refused.Contains(format, StringComparison.Ordinal) ? ModelServer.Refuses(400, words) : ModelServer.Says("{}"));

        await AllAnsweredAsync(server);

        server.Calls.ShouldBe(Jobs + refusals);
    }

    [Theory]
    [InlineData("""{"detail":[{"type":"extra_forbidden","loc":["body","max_completion_tokens"],"msg":"Extra inputs are not permitted","input":1200}]}""")]
    [InlineData("""{"error":{"message":"Unknown parameter: 'max_completion_tokens'.","param":"max_completion_tokens","code":"unknown_parameter"}}""")]
    public async Task A_server_of_old_is_told_the_limit_by_its_old_name(string refusal)
    {
        await using var server = await ModelServer.StartAsync(request => request.TryGetProperty("max_completion_tokens", out _)
            ? ModelServer.Answers(422, "application/json", refusal)
            : ModelServer.Says("{}"));

        await AllAnsweredAsync(server);

        server.Calls.ShouldBe(Jobs + 1);
        server.Requests.Last().GetProperty("max_tokens").GetInt32().ShouldBe(1_200);
    }

    [Fact]
    public async Task Every_part_that_a_server_does_not_know_is_left_out_by_the_same_mechanism()
    {
        var lessons = new Lines();
        await using var server = await ModelServer.StartAsync(request =>
            Format(request) is not null ? Unknown("response_format")
            : request.TryGetProperty("max_completion_tokens", out _) ? Unknown("max_completion_tokens")
            : request.TryGetProperty("max_tokens", out _) ? Unknown("max_tokens")
            : request.TryGetProperty("reasoning_effort", out _) ? Unknown("reasoning_effort")
            : request.TryGetProperty("stream", out _) ? Unknown("stream")
            : request.GetProperty("messages")[0].GetProperty("role").GetString() == "system" ? ModelServer.Refuses(400, "System role not supported")
            : ModelServer.Says("{}"));
        using var model = Asking.Model(server, options => options.ReasoningEffort = "low", lessons);

        await AllAnsweredAsync(model);

        server.Calls.ShouldBe(Jobs + 6);
        server.Requests.Last().EnumerateObject().Select(member => member.Name).ShouldBe(["model", "messages"]);
        server.Requests.Last().GetProperty("messages").EnumerateArray().ShouldHaveSingleItem().GetProperty("content").GetString()
            .ShouldNotBeNull().ShouldStartWith("You summarise what a learner studied");
        lessons.Where("Learned about").Count.ShouldBe(6);
        model.Lessons.Count.ShouldBe(6);
        model.Lessons[0].ShouldBe("response_format json_schema is refused: from now on no response_format");
        model.HeldBack.ShouldBeNull();

        static RequestDelegate Unknown(string parameter) => ModelServer.Refuses(400, $"Unrecognized request argument supplied: {parameter}", param: parameter);
    }

    [Theory]
    [InlineData(400, "")]
    [InlineData(422, "{}")]
    [InlineData(400, """{"error":{"message":"Bad Request"}}""")]
    public async Task Where_a_server_does_not_say_what_it_refuses_simpler_requests_are_tried(int status, string body)
    {
        var lines = new Lines();
        await using var server = await ModelServer.StartAsync(request =>
            Format(request) is "json_schema" or "json_object" ? ModelServer.Answers(status, "application/json", body) : ModelServer.Says("{}"));
        using var model = Asking.Model(server, logger: lines);

        await AllAnsweredAsync(model);

        server.Calls.ShouldBe(Jobs + 2);
        model.Lessons.ShouldHaveSingleItem().ShouldContain("no response_format");
        lines.Where("Learned about").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task What_nothing_simpler_helps_against_holds_everybody_back_with_one_error_that_names_the_setting()
    {
        var lines = new Lines();
        await using var server = await ModelServer.StartAsync(ModelServer.Answers(400, "application/json", """{"error":{"message":"Bad Request"}}"""));
        using var model = Asking.Model(server, options => options.BreakSeconds = 60, lines);

        for (var job = 0; job < Jobs; job++) (await Should.ThrowAsync<TryLaterException>(() => AskAsync(model, job))).IsInLine.ShouldBeTrue();

        server.Calls.ShouldBe(5); // as configured, json_object, without a format, max_tokens, without a limit
        lines.Where("No calls of the model").ShouldHaveSingleItem().ShouldContain("OpenAI:AnswerFormat");
        model.HeldBack.ShouldNotBeNull().ShouldContain("Bad Request");
        model.Lessons.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_prompt_that_a_well_server_refuses_without_a_reason_is_not_sent_again_once_others_are_answered()
    {
        await using var server = await ModelServer.StartAsync(request =>
            Text(request).Contains("note 3", StringComparison.Ordinal) ? ModelServer.Refuses(400, "Bad Request") : ModelServer.Says("{}"));
        using var model = Asking.Model(server);
        await AskAsync(model, 1);

        (await Should.ThrowAsync<TryLaterException>(() => AskAsync(model, 3))).IsInLine.ShouldBeFalse();
        await AskAsync(model, 2);
        (await Should.ThrowAsync<ModelRefusedException>(() => AskAsync(model, 3))).Message.ShouldContain("Bad Request");

        server.Calls.ShouldBe(3);
        await Should.ThrowAsync<TryLaterException>(() => AskAsync(model, 3)); // a replay is sent
        server.Calls.ShouldBe(4);
    }

    [Fact]
    public async Task When_a_well_server_begins_to_refuse_everybody_nobody_is_blamed()
    {
        var refuses = false;
        await using var server = await ModelServer.StartAsync(_ => refuses ? ModelServer.Refuses(400, "Bad Request") : ModelServer.Says("{}"));
        using var model = Asking.Model(server, options => options.BreakSeconds = 60);
        await AskAsync(model, 0);
        refuses = true;

        for (var job = 1; job <= Jobs; job++) await Should.ThrowAsync<TryLaterException>(() => AskAsync(model, job));

        server.Calls.ShouldBe(1 + 4); // OpenAI:BreakAfterFailures
        model.HeldBack.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_stream_that_nobody_asked_for_is_noted_once()
    {
        var lines = new Lines();
        await using var server = await ModelServer.StartAsync(ModelServer.Answers(
            200, "text/event-stream", "data: {\"choices\":[{\"delta\":{\"content\":\"{}\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"));
        using var model = Asking.Model(server, logger: lines);

        await AllAnsweredAsync(model);

        lines.Where("Learned about").ShouldHaveSingleItem().ShouldContain("stream");
        server.Requests.ShouldAllBe(request => !request.GetProperty("stream").GetBoolean());
    }

    [Fact]
    public async Task A_server_that_allows_shorter_answers_only_is_asked_for_them()
    {
        await using var server = await ModelServer.StartAsync(request => request.GetProperty("max_completion_tokens").GetInt32() > 800
            ? ModelServer.Refuses(400, "max_tokens is too large: 1200. This model supports at most 800 completion tokens")
            : ModelServer.Says("{}"));

        await AllAnsweredAsync(server);

        server.Calls.ShouldBe(Jobs + 1);
    }

    private static async Task AllAnsweredAsync(ModelServer server)
    {
        using var model = Asking.Model(server);
        await AllAnsweredAsync(model);
    }

    private static Task<Completion[]> AllAnsweredAsync(SummaryModel model) => Task.WhenAll(Enumerable.Range(0, Jobs).Select(job => AskAsync(model, job)));

    private static Task<Completion> AskAsync(SummaryModel model, int job) => model.CompleteAsync(
        Prompt.Create(SummaryKind.Daily, "en", [PromptTests.Note($"note {job}", "1.1")], 0, PromptTests.Options()), TestContext.Current.CancellationToken);

    private static string? Format(JsonElement request) =>
        request.TryGetProperty("response_format", out var format) ? format.GetProperty("type").GetString() : null;

    private static string Text(JsonElement request) => request.GetProperty("messages").EnumerateArray().Last().GetProperty("content").GetString()!;
}
