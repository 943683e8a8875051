using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.FieldReports;

/// <summary>Good answers in odd wrappings: one call, one direct message.</summary>
[Collection(nameof(World))]
public sealed class ModelTests(World world)
{
    private static readonly Dictionary<string, Func<ModelQuestion, string>> _wrappings = new()
    {
        ["finish_reason null"] = question => ScriptedModel.Completion(ScriptedModel.Json(question.Quoted()), "null"),
        ["finish_reason empty"] = question => ScriptedModel.Completion(ScriptedModel.Json(question.Quoted()), "\"\""),
        ["finish_reason eos"] = question => ScriptedModel.Completion(ScriptedModel.Json(question.Quoted()), "\"eos\""),
        ["code fence"] = question => ScriptedModel.Completion(ScriptedModel.Json($"```json\n{question.Quoted()}\n```")),
        ["prose around"] = question => ScriptedModel.Completion(ScriptedModel.Json($"Here is the summary:\n\n{question.Quoted()}\n\nI hope it helps!")),
        ["thinking inline"] = question => ScriptedModel.Completion(ScriptedModel.Json($"<think>The {{notes}} are short.</think>\n{question.Quoted()}")),
        ["content as a list"] = question => ScriptedModel.Completion($$"""[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":{{ScriptedModel.Json(question.Quoted())}}}]"""),
        ["sources without m"] = question => ScriptedModel.Completion(ScriptedModel.Json(question.Quoted(index => new[] { $"{index}" }))),
        ["sources as numbers"] = question => ScriptedModel.Completion(ScriptedModel.Json(question.Quoted(index => new[] { index }))),
        ["sources in brackets"] = question => ScriptedModel.Completion(ScriptedModel.Json(question.Quoted(index => new[] { $"[m{index}]" }))),
        ["no usage, no role, no created"] = question => $$$"""{"choices":[{"message":{"content":{{{ScriptedModel.Json(question.Quoted())}}}}}]}""",
        ["created as a fraction"] = question => ScriptedModel.Completion(ScriptedModel.Json(question.Quoted())).Replace("\"created\":", "\"created\":0.5,\"was\":", StringComparison.Ordinal),
        ["role unknown"] = question => ScriptedModel.Completion(ScriptedModel.Json(question.Quoted())).Replace("\"assistant\"", "\"bot\"", StringComparison.Ordinal),
    };

    public static TheoryData<string> Wrappings { get; } = [.. _wrappings.Keys];

    [Theory]
    [MemberData(nameof(Wrappings))]
    public async Task A_good_answer_is_taken_at_the_first_call(string wrapping)
    {
        var learner = await world.LearnerAsync();
        var word = $"wrapped-{learner.UserId}";
        world.Model.Answers(word, _wrappings[wrapping]);
        await world.AcceptedAsync(learner.Written($"I learned {word} today."));

        await world.RunAsync();

        world.Slack.MessagesTo(learner.UserId).ShouldHaveSingleItem()["text"].ShouldContain(word);
        world.Model.Questions(word).Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_empty_account_holds_everybody_back_and_nobody_is_given_up()
    {
        var learners = new List<Learner>();
        var word = "empty-account";
        for (var count = 0; count < 5; count++) learners.Add(await world.LearnerAsync());
        world.Model.Answers(word, _ => """{"error":{"code":402,"message":"Insufficient credits","type":"billing"}}""");
        await world.AcceptedAsync([.. learners.Select(learner => learner.Written($"I learned {word} {learner.UserId}."))]);
        var run = world.RunAsync();
        await Eventually.HoldsAsync(() => world.Model.Questions(word).Count.ShouldBeGreaterThan(0));
        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        world.Model.Questions(word).Count.ShouldBeLessThan(learners.Count + 6);

        world.Model.Answers(word, question => ScriptedModel.Completion(ScriptedModel.Json(question.Quoted())));

        (await run).GetProperty("parked").GetInt32().ShouldBe(0);
        foreach (var learner in learners) world.Slack.MessagesTo(learner.UserId).ShouldHaveSingleItem();
    }
}
