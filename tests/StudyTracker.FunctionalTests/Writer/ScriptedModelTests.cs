using System.Text.Json;
using Microsoft.AspNetCore.Http;
using StudyTracker.FunctionalTests.Support;
using StudyTracker.UnitTests.Summarizer.Summaries;

namespace StudyTracker.FunctionalTests.Writer;

/// <summary>The writer and a model's server that answers as real ones do, from the job to the stored summary; calls are counted.</summary>
public sealed class ScriptedModelTests(App app)
{
    private const int Learners = 20;
    private const string Good = """{"sentences":[{"text":"You studied graphs.","sources":["m1"]}],"feedback":"Well done.","nextSteps":[]}""";

    /// <summary>A server whose only fault is how it wraps good answers: by the word that is in the note.</summary>
    private static readonly Dictionary<string, RequestDelegate> _wrappings = new()
    {
        ["fenced"] = ModelServer.Says($"```json\n{Good}\n```"),
        ["thoughtful"] = ModelServer.Says($"<think>hm {{}}</think>{Good}"),
        ["unfinished"] = Raw($$$"""{"choices":[{"finish_reason":null,"message":{"content":{{{Json(Good)}}}}}]}"""),
        ["eos"] = Raw($$$"""{"id":null,"created":1.5,"choices":[{"finish_reason":"eos","message":{"role":null,"content":{{{Json(Good)}}}}}],"usage":{"prompt_tokens":"9"}}"""),
        ["parted"] = Raw($$$"""{"choices":[{"message":{"content":[{"type":"thinking","thinking":"hm"},{"type":"text","text":{{{Json(Good)}}}}] }}]}"""),
        ["streamed"] = ModelServer.Answers(200, "text/event-stream", $$$"""data: {"choices":[{"delta":{"content":{{{Json(Good)}}}}}]}""" + "\n\ndata: [DONE]\n\n"),
        ["numbered"] = ModelServer.Says(Good.Replace("\"m1\"", "1", StringComparison.Ordinal)),
        ["silent"] = ModelServer.Says("""{"sentences":[{"text":"You studied graphs.","sources":["m1"]},{"text":"","sources":[]}],"feedback":"","nextSteps":[]}"""),
    };

    [Fact]
    public async Task What_a_server_does_not_know_costs_one_refusal_and_its_odd_answers_cost_one_call_each()
    {
        await using var writer = await ScriptedWriter.StartAsync(app);
        writer.Model.Answer = ModelServer.By(request => Format(request) == "json_schema"
            ? ModelServer.Refuses(400, "This response_format type is unavailable now")
            : ModelServer.Says(Good));

        (await writer.RunAsync([.. Notes(Learners)])).ShouldAllBe(job => job.State == "Done");
        writer.Model.Calls.ShouldBe(Learners + 1);
        var health = await writer.HealthAsync();
        health.GetProperty("status").GetString().ShouldBe("Healthy");
        health.GetProperty("learned").EnumerateArray().ShouldHaveSingleItem().GetString().ShouldBe(
            "response_format json_schema is refused: from now on response_format json_object");
        (await writer.LogAsync("Learned about the model's server")).ShouldHaveSingleItem();

        var before = writer.Model.Calls;
        writer.Model.Answer = ModelServer.By(request => _wrappings.Single(wrapping => Text(request).Contains($"{wrapping.Key} ", StringComparison.Ordinal)).Value);
        var jobs = await writer.RunAsync([.. _wrappings.Keys.Select(wrapping => new[] { $"{wrapping} note, {Guid.NewGuid()}" })]);
        jobs.ShouldAllBe(job => job.State == "Done" && job.Content!.Contains("You studied graphs."));
        writer.Model.Calls.ShouldBe(before + _wrappings.Count);

        // Of its schema, and twice of no use: the learner's own words.
        before = writer.Model.Calls;
        writer.Model.Answer = ModelServer.Says("""{"sentences":[],"feedback":"","nextSteps":[]}""");
        var extract = (await writer.RunAsync([["I read about Dijkstra."]])).ShouldHaveSingleItem();
        (extract.State, extract.Model).ShouldBe(("Done", "extract"));
        extract.Content.ShouldNotBeNull().ShouldContain("I read about Dijkstra.");
        extract.Content.ShouldContain("no usable summary");
        writer.Model.Calls.ShouldBe(before + 2);

        // More than it can read: what is left out is counted, and the next prompt is shorter at once.
        before = writer.Model.Calls;
        writer.Model.Answer = ModelServer.By(request => Text(request).Length > 4_000
            ? ModelServer.Refuses(400, "This model's maximum context length is 2000 tokens. However, your messages resulted in 5000 tokens.", "context_length_exceeded")
            : ModelServer.Says(Good));
        var cut = (await writer.RunAsync([Long("one")])).ShouldHaveSingleItem();
        (cut.State, cut.LeftOut > 0).ShouldBe(("Done", true));
        var calls = writer.Model.Calls - before;
        calls.ShouldBeInRange(2, 4);
        (await writer.RunAsync([Long("two")])).ShouldHaveSingleItem().State.ShouldBe("Done");
        writer.Model.Calls.ShouldBe(before + calls + 1);

        // Refused for what it says: that job's only, and not asked again.
        before = writer.Model.Calls;
        writer.Model.Answer = ModelServer.By(request => Text(request).Contains("forbidden", StringComparison.Ordinal)
            ? ModelServer.Refuses(400, "The response was filtered due to Azure OpenAI's content management policy: a forbidden note", "content_filter")
            : ModelServer.Says(Good));
        jobs = await writer.RunAsync([["a forbidden note"], ["a harmless note"]]);
        jobs.Select(job => job.State).ShouldBe(["Parked", "Done"]);
        jobs[0].Error.ShouldNotBeNull().ShouldContain("content_filter");
        jobs[0].Error!.ShouldNotContain("forbidden note");
        writer.Model.Calls.ShouldBe(before + 2);
    }

    [Fact]
    public async Task What_fails_everybody_parks_nobody_and_all_is_written_once_it_is_mended()
    {
        await using var writer = await ScriptedWriter.StartAsync(app);
        writer.Model.Answer = ModelServer.Refuses(402, "Insufficient Balance");

        var runId = await writer.TriggerAsync([.. Notes(Learners)]);
        await Eventually.HoldsAsync(async () => (await writer.HealthAsync()).GetProperty("status").GetString().ShouldBe("Degraded"));
        await Eventually.HoldsAsync(() => writer.Model.Calls.ShouldBeGreaterThanOrEqualTo(2)); // one that tries again
        (await writer.HealthAsync()).GetProperty("description").GetString().ShouldNotBeNull().ShouldContain("Insufficient Balance");
        writer.Model.Answer = ModelServer.By(_ => Raw("""{"error":{"code":402,"message":"Insufficient Balance"}}"""));
        var calls = writer.Model.Calls;
        await Eventually.HoldsAsync(() => writer.Model.Calls.ShouldBeGreaterThan(calls));
        (await writer.JobsAsync(runId)).ShouldAllBe(job => job.State == "Pending");
        writer.Model.Calls.ShouldBeLessThan(8);
        writer.Model.Answer = ModelServer.Says(Good);

        (await writer.EndedAsync(runId, Learners)).ShouldAllBe(job => job.State == "Done");
        (await writer.LogAsync("No calls of the model for a while")).ShouldHaveSingleItem().ShouldContain("Insufficient Balance");
        (await writer.LogAsync("parked")).ShouldBeEmpty();
        (await writer.HealthAsync()).GetProperty("status").GetString().ShouldBe("Healthy");
    }

    private static IEnumerable<string[]> Notes(int learners) => Enumerable.Range(0, learners).Select(_ => new[] { $"I studied graphs, {Guid.NewGuid()}" });

    private static string[] Long(string word) => [.. Enumerable.Range(0, 30).Select(note => $"{word} {note} {new string('x', 250)}")];

    private static RequestDelegate Raw(string body) => ModelServer.Answers(200, "application/json", body);

    private static string Json(string text) => JsonSerializer.Serialize(text);

    private static string? Format(JsonElement request) =>
        request.TryGetProperty("response_format", out var format) ? format.GetProperty("type").GetString() : null;

    private static string Text(JsonElement request) => request.GetProperty("messages").EnumerateArray().Last().GetProperty("content").GetString()!;
}
