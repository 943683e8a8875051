using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StudyTracker.Contracts;
using StudyTracker.Kafka;
using StudyTracker.Sandbox.Faults;
using StudyTracker.Summarizer.Summaries;
using StudyTracker.UnitTests.Summarizer.Summaries;

namespace StudyTracker.UnitTests.Sandbox.OpenAI;

/// <summary>The Summarizer's client against the Sandbox's odd answers: what anybody can see by setting them, without the rest of the application.</summary>
public sealed class SummarizerTests(SandboxServer server) : IClassFixture<SandboxServer>
{
    private static readonly Prompt _prompt = Prompt.Create(
        SummaryKind.Daily, "en", [PromptTests.Note("Studied breadth-first search in graphs today.", "1.1"), PromptTests.Note("Measured it on a grid of 1,000 cells.", "1.2")], 0, PromptTests.Options());

    [Theory]
    [InlineData("none")]
    [InlineData("codeFence")]
    [InlineData("chatter")]
    [InlineData("thinkTags")]
    [InlineData("contentParts")]
    [InlineData("oddFinishReason")]
    [InlineData("oddSources")]
    [InlineData("sparse")]
    [InlineData("noUsage")]
    [InlineData("usageTooLow")]
    [InlineData("unaskedStream")]
    public async Task A_good_answer_in_an_odd_wrapping_is_taken_at_the_first_call(string fault)
    {
        // Faults of several forms take turns, so three calls see them all.
        using var model = Model(fault);
        for (var turn = 0; turn < 3; turn++)
        {
            var before = Calls();

            var reading = ModelAnswer.Read(await model.AskAsync(_prompt), _prompt);

            reading.Fault.ShouldBeNull();
            reading.Content!.Sentences.ShouldContain(sentence => sentence.Text.StartsWith("Studied breadth-first search", StringComparison.Ordinal));
            (Calls() - before).ShouldBe(1);
        }
    }

    [Theory]
    [InlineData("schemaRefused")]
    [InlineData("schemaUnprocessable")]
    [InlineData("newLimitUnprocessable")]
    public async Task What_a_server_does_not_know_costs_one_refusal(string fault)
    {
        using var model = Model(fault);

        ModelAnswer.Read(await model.AskAsync(_prompt), _prompt).Content.ShouldNotBeNull();
        var before = Calls();
        ModelAnswer.Read(await model.AskAsync(_prompt), _prompt).Content.ShouldNotBeNull();

        (Calls() - before).ShouldBe(1);
    }

    [Theory]
    [InlineData("paymentRequired")]
    [InlineData("quotaSpent")]
    [InlineData("errorInside")]
    public async Task No_money_holds_everybody_back(string fault)
    {
        using var model = Model(fault);

        (await Should.ThrowAsync<TryLaterException>(() => model.AskAsync(_prompt))).IsInLine.ShouldBeTrue();
    }

    private long Calls() => server.Ledger.Counts().Model.Calls;

    private AskedModel Model(string fault)
    {
        server.Faults.Settings = fault == "none" ? server.Faults.AtStart() : SettingsEndpoints.Merge(
            server.Faults.AtStart(), new() { ["model"] = new System.Text.Json.Nodes.JsonObject { [fault] = 1 } }).Settings;
        return new AskedModel(server);
    }

    /// <summary>A client of its own, which has learned nothing yet; afterwards nothing goes wrong any more.</summary>
    private sealed class AskedModel(SandboxServer server) : IDisposable
    {
        private readonly SummaryModel _model = Create(new ModelOptions
        {
            ApiKey = "sk-one",
            Endpoint = new Uri(server.Http.BaseAddress!, "/v1"),
            Model = "sandbox-extractive",
            MaxAttempts = 1,
            TimeoutSeconds = 60,
            SharePace = false,
        });

        public Task<Completion> AskAsync(Prompt prompt) => _model.CompleteAsync(prompt, TestContext.Current.CancellationToken);

        public void Dispose() => server.Faults.Settings = server.Faults.AtStart();

        private static SummaryModel Create(ModelOptions options) => new(
            ModelConnection.Create(options), Options.Create(options), new ModelPace(null!, Options.Create(options), TimeProvider.System), TimeProvider.System, NullLogger<SummaryModel>.Instance);
    }
}
