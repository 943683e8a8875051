using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using StudyTracker.Contracts;

namespace StudyTracker.UnitTests.ServiceDefaults.Contracts;

public sealed class ContractsJsonTests
{
    private static readonly DateTimeOffset _at = new(2026, 11, 22, 13, 0, 0, 123, TimeSpan.Zero);

    private static readonly TriggerRecord _trigger = new("daily-1", SummaryKind.Daily, _at, "api");

    private static readonly SummaryJob _job = new(
        Guid.Parse("0199aaaa-0000-7000-8000-000000000001"), "daily-1", "T1", "U1", SummaryKind.Weekly, _at, _at.AddDays(7));

    private static readonly SummaryContent _content = new(
        [new SummarySentence("그래프 탐색을 배웠습니다.", [new MessageRef("C1", "1700000000.000100")])], "잘했어요.", ["BFS를 구현해 보세요."]);

    private static readonly FeedbackRecord _feedback = new(
        _job.JobId, "daily-1", "T1", "U1", SummaryKind.Monthly, new DateOnly(2026, 11, 22), "ko", _content, 3, "gpt", _at);

    public static TheoryData<string> Records => [nameof(TriggerRecord), nameof(SummaryJob), nameof(FeedbackRecord), nameof(SummaryContent)];

    [Theory]
    [MemberData(nameof(Records))]
    public void A_record_is_the_same_after_it_was_written_and_read(string type)
    {
        var (record, json) = Of(type);

        var text = JsonSerializer.Serialize(record, json);
        var again = JsonSerializer.Serialize(JsonSerializer.Deserialize(text, json), json);

        again.ShouldBe(text);
    }

    [Fact]
    public void Members_are_camel_case_and_kinds_are_lower_case_words() =>
        JsonSerializer.Serialize(_trigger, ContractsJson.Default.TriggerRecord)
            .ShouldBe("""{"runId":"daily-1","kind":"daily","requestedAt":"2026-11-22T13:00:00.123+00:00","requestedBy":"api"}""");

    [Theory]
    [InlineData(SummaryKind.Daily, "daily")]
    [InlineData(SummaryKind.Weekly, "weekly")]
    [InlineData(SummaryKind.Monthly, "monthly")]
    public void Every_kind_has_its_word(SummaryKind kind, string word)
    {
        var text = JsonSerializer.Serialize(_trigger with { Kind = kind }, ContractsJson.Default.TriggerRecord);

        text.ShouldContain($"\"kind\":\"{word}\"");
        JsonSerializer.Deserialize(text, ContractsJson.Default.TriggerRecord)!.Kind.ShouldBe(kind);
    }

    [Theory]
    [InlineData("\"yearly\"")]
    [InlineData("\"\"")]
    [InlineData("\"1\"")]
    [InlineData("\"daily,weekly\"")]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("[\"daily\"]")]
    public void Any_other_kind_is_refused(string kind)
    {
        var text = $$"""{"runId":"r","kind":{{kind}},"requestedAt":"2026-11-22T13:00:00Z","requestedBy":"api"}""";

        Should.Throw<JsonException>(() => JsonSerializer.Deserialize(text, ContractsJson.Default.TriggerRecord));
    }

    [Theory]
    [MemberData(nameof(Records))]
    public void A_record_without_one_of_its_members_is_refused(string type)
    {
        var (record, json) = Of(type);
        // What came later has a default, so that records from before can still be read.
        var members = json.Properties.Where(property => property.IsRequired).Select(property => property.Name).ToList();
        members.ShouldNotBeEmpty();

        foreach (var member in members)
        {
            var incomplete = JsonSerializer.SerializeToNode(record, json)!.AsObject();
            incomplete.Remove(member);
            Should.Throw<JsonException>(() => incomplete.Deserialize(json), $"{type} without {member}");
        }
    }

    [Fact]
    public void A_record_with_null_for_one_of_its_texts_is_refused()
    {
        var record = JsonSerializer.SerializeToNode(_feedback, ContractsJson.Default.FeedbackRecord)!.AsObject();
        record["teamId"] = null;

        Should.Throw<JsonException>(() => record.Deserialize(ContractsJson.Default.FeedbackRecord));
    }

    [Fact]
    public void Members_of_a_later_version_are_ignored()
    {
        var record = JsonSerializer.SerializeToNode(_job, ContractsJson.Default.SummaryJob)!.AsObject();
        record["priority"] = new JsonObject { ["level"] = 3 };

        record.Deserialize(ContractsJson.Default.SummaryJob).ShouldBe(_job);
    }

    [Fact]
    public void Every_topic_is_listed_once() => Topics.All.Distinct().Count().ShouldBe(7);

    private static (object Record, JsonTypeInfo Json) Of(string type) => type switch
    {
        nameof(TriggerRecord) => (_trigger, ContractsJson.Default.TriggerRecord),
        nameof(SummaryJob) => (_job, ContractsJson.Default.SummaryJob),
        nameof(FeedbackRecord) => (_feedback, ContractsJson.Default.FeedbackRecord),
        _ => (_content, ContractsJson.Default.SummaryContent),
    };
}
