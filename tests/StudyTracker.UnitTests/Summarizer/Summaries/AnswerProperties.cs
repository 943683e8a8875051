using System.Text;
using System.Text.Json;
using CsCheck;
using StudyTracker.Contracts;
using StudyTracker.Summarizer.Summaries;

namespace StudyTracker.UnitTests.Summarizer.Summaries;

/// <summary>What holds for every answer, however it is written.</summary>
public sealed class AnswerProperties
{
    private static readonly Prompt _prompt = Prompt.Create(
        SummaryKind.Daily, "en", [PromptTests.Note("a", "1.1"), PromptTests.Note("b", "1.2")], 0, PromptTests.Options());

    private static readonly Gen<string> _text = Gen.OneOf(Gen.String, Gen.String[Gen.Char["m12[]\"'\\{} \n\u0000\ud83d\ude00<!>@가"], 0, 12]);

    private static readonly Gen<string> _json = Gen.Select(
        Gen.Select(_text, Gen.OneOf(_text, Gen.Const("m1"), Gen.Const("m2"), Gen.Const("m3")).List[0, 3]).List[0, 8], _text, _text.List[0, 6])
        .Select((sentences, feedback, steps) => JsonSerializer.Serialize(new
        {
            sentences = sentences.Select(sentence => new { text = sentence.Item1, sources = sentence.Item2 }),
            feedback,
            nextSteps = steps,
        }));

    private static readonly Gen<byte[]> _body = Gen.Select(Gen.OneOf(_json, _text), Gen.Int[0, 4], Gen.Int[0, 10_000], Gen.Byte)
        .Select((content, form, position, noise) =>
        {
            var text = JsonSerializer.Serialize(content);
            var body = Encoding.UTF8.GetBytes(form switch
            {
                0 => $"{{\"choices\":[{{\"message\":{{\"content\":{text}}}}}]}}",
                1 => $"data: {{\"choices\":[{{\"delta\":{{\"content\":{text}}}}}]}}\n\ndata: [DONE]",
                2 => $"{{\"error\":{{\"message\":{text},\"code\":{text}}}}}",
                3 => $"[{{\"error\":{text}}}]",
                _ => text,
            });
            if (body.Length > 0) body[position % body.Length] = noise;
            return noise % 2 == 0 ? body[..(position % (body.Length + 1))] : body;
        });

    [Fact]
    public void An_answer_of_the_schema_is_content_or_known_to_be_of_the_schema() => _json.Sample(json =>
    {
        foreach (var text in (string[])[json, $"```json\n{json}\n```", JsonSerializer.Serialize(json)])
        {
            var reading = ModelAnswer.Read(text, _prompt);
            (reading.Content is not null || reading.IsOfSchema).ShouldBeTrue(text);
            if (reading.Content is { } content) content.Sentences.ShouldAllBe(sentence => sentence.Text.Length > 0 && sentence.Sources.Count > 0);
        }
    });

    [Fact]
    public void No_bytes_of_a_server_are_an_exception() => _body.Sample(body =>
    {
        var reply = CompletionReader.Read(body);
        if (reply.Answer is not null) ModelAnswer.Read(reply.Answer, _prompt);
        var error = reply.Error ?? ModelError.Read(400, body);
        var words = ServerWords.Of(error.Message, _prompt, "a-key-of-nobody");
        words.Length.ShouldBeLessThan(260);
        ModelFailure.Of(error, words, new AnswerHeaders([]), ModelDialect.Of(new ModelOptions()), DateTimeOffset.UnixEpoch).Reason.ShouldNotBeNull();
    });

    [Fact]
    public void What_a_model_says_of_any_note_of_forty_thousand_characters_is_asked_for_without_an_exception() => Gen.String[0, 40_000].Sample(
        note =>
        {
            var prompt = Prompt.Create(SummaryKind.Daily, "en", [PromptTests.Note(note, "1.1")], 0, PromptTests.Options());
            var request = ModelRequest.Write(prompt, ModelDialect.Of(new ModelOptions { ApiKey = "key" }), PromptTests.Options());
            using var json = JsonDocument.Parse(request);
            json.RootElement.GetProperty("messages")[1].GetProperty("content").GetString().ShouldBe(prompt.Text);
            Extract.Of("en", [PromptTests.Note(note, "1.1")]).Sentences.ShouldNotBeEmpty();
        },
        iter: 100);
}
