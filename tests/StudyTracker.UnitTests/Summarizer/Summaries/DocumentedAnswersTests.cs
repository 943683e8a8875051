using System.Text.Json;
using StudyTracker.Contracts;
using StudyTracker.Summarizer.Summaries;

namespace StudyTracker.UnitTests.Summarizer.Summaries;

/// <summary>
/// Answers with all members that OpenAI's description of <c>/chat/completions</c> has, whatever they hold: our client reads
/// what it needs, and is not put off by the rest.
/// </summary>
public sealed class DocumentedAnswersTests
{
    private const string Good = """{"sentences":[{"text":"You studied BFS.","sources":["m1"]}],"feedback":"Well done.","nextSteps":[]}""";

    private static readonly Prompt _prompt = Prompt.Create(SummaryKind.Daily, "en", [PromptTests.Note("a", "1.1")], 0, PromptTests.Options());

    /// <summary>Members of a choice's message beside role and content, and members of the choice and of the whole.</summary>
    [Theory]
    [InlineData("\"refusal\":null,\"annotations\":[]", "\"logprobs\":null", "\"service_tier\":\"default\",\"system_fingerprint\":\"fp_44709d6fcb\"")]
    [InlineData(
        "\"refusal\":null,\"annotations\":[{\"type\":\"url_citation\",\"url_citation\":{\"start_index\":0,\"end_index\":3,\"title\":\"BFS\",\"url\":\"https://x.example\"}}],\"audio\":null,\"tool_calls\":null,\"function_call\":null",
        "\"logprobs\":{\"content\":[{\"token\":\"{\",\"logprob\":-0.1,\"bytes\":[123],\"top_logprobs\":[{\"token\":\"{\",\"logprob\":-0.1,\"bytes\":null}]}],\"refusal\":null}",
        "\"service_tier\":\"flex\",\"system_fingerprint\":null,\"metadata\":{\"run\":\"1\"}")]
    [InlineData("\"refusal\":null", "\"logprobs\":{\"content\":null,\"refusal\":[]}", "\"service_tier\":\"priority\"")]
    [InlineData("\"refusal\":null", "\"content_filter_results\":{\"hate\":{\"filtered\":false,\"severity\":\"safe\"}}", "\"prompt_filter_results\":[{\"prompt_index\":0,\"content_filter_results\":{}}]")]
    [InlineData("\"refusal\":null", "\"logprobs\":null", "\"service_tier\":null,\"moderation\":null,\"a_member_of_tomorrow\":{\"x\":[1,2]}")]
    public async Task A_completion_with_all_its_members_is_read(string message, string choice, string whole)
    {
        var answer = await AskAsync(Whole($$"""
            {"index":0,"message":{"role":"assistant","content":{{JsonSerializer.Serialize(Good)}},{{message}} },{{choice}},"finish_reason":"stop"}
            """, whole));

        ModelAnswer.Read(answer, _prompt).Content!.Feedback.ShouldBe("Well done.");
        (answer.InputTokens, answer.OutputTokens, answer.CachedInputTokens, answer.Fault).ShouldBe((1_117, 46, 1_024, null));
    }

    [Fact]
    public async Task The_first_of_several_choices_counts()
    {
        var other = """{"index":1,"message":{"role":"assistant","content":"{}","refusal":null},"logprobs":null,"finish_reason":"stop"}""";
        var answer = await AskAsync(Whole($$"""
            {"index":0,"message":{"role":"assistant","content":{{JsonSerializer.Serialize(Good)}},"refusal":null},"logprobs":null,"finish_reason":"stop"},{{other}}
            """, "\"service_tier\":\"default\""));

        answer.Text.ShouldBe(Good);
    }

    [Theory]
    [InlineData("\"content\":null,\"refusal\":\"I'm sorry, I cannot assist with that request.\"", "stop", "refuses")]
    [InlineData("\"content\":\"{\\\"sentences\\\":[{\\\"te\",\"refusal\":null", "length", "cut off")]
    [InlineData("\"content\":\"{\\\"sentences\\\":[\",\"refusal\":null", "content_filter", "filter")]
    [InlineData("\"content\":\"\",\"refusal\":null,\"annotations\":[]", "content_filter", "filter")]
    public async Task What_OpenAI_calls_incomplete_says_why(string message, string finish, string fault) =>
        (await AskAsync(Whole($$"""{"index":0,"message":{"role":"assistant",{{message}} },"logprobs":null,"finish_reason":"{{finish}}"}""", "\"service_tier\":\"default\"")))
            .Fault.ShouldNotBeNull().ShouldContain(fault);

    private static string Whole(string choices, string more) => $$"""
        {"id":"chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT","object":"chat.completion","created":1741569952,"model":"gpt-4.1-mini-2025-04-14","choices":[{{choices}}],
        "usage":{"prompt_tokens":1117,"completion_tokens":46,"total_tokens":1163,"prompt_tokens_details":{"cached_tokens":1024,"audio_tokens":0},
        "completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0} },{{more}} }
        """;

    private static async Task<Completion> AskAsync(string body)
    {
        await using var server = await ModelServer.StartAsync(ModelServer.Answers(200, "application/json", body));
        var answer = await Asking.Model(server).CompleteAsync(_prompt, TestContext.Current.CancellationToken);
        server.Calls.ShouldBe(1);
        return answer;
    }
}
