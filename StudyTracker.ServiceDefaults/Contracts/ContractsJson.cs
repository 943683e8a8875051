using System.Text.Json;
using System.Text.Json.Serialization;

namespace StudyTracker.Contracts;

/// <summary>The JSON of everything that crosses Kafka: camelCase, enums as lower-case words, unknown members ignored.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(SummaryKindConverter)])]
[JsonSerializable(typeof(TriggerRecord))]
[JsonSerializable(typeof(SummaryJob))]
[JsonSerializable(typeof(FeedbackRecord))]
[JsonSerializable(typeof(SummaryContent))]
[JsonSerializable(typeof(MemberErased))]
public sealed partial class ContractsJson : JsonSerializerContext;

/// <summary><see cref="SummaryKind"/> as <c>daily</c>, <c>weekly</c> or <c>monthly</c>; nothing else is accepted.</summary>
public sealed class SummaryKindConverter : JsonConverter<SummaryKind>
{
    /// <inheritdoc />
    public override SummaryKind Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        (reader.TokenType == JsonTokenType.String ? reader.GetString() : null) switch
        {
            "daily" => SummaryKind.Daily,
            "weekly" => SummaryKind.Weekly,
            "monthly" => SummaryKind.Monthly,
            _ => throw new JsonException("A kind is daily, weekly or monthly."),
        };

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, SummaryKind value, JsonSerializerOptions options) => writer.WriteStringValue(value switch
    {
        SummaryKind.Daily => "daily",
        SummaryKind.Weekly => "weekly",
        SummaryKind.Monthly => "monthly",
        _ => throw new JsonException("There is no word for this kind."),
    });
}
