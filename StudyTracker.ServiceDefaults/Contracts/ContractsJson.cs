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
public sealed partial class ContractsJson : JsonSerializerContext;

/// <summary><see cref="SummaryKind"/> as <c>daily</c>, <c>weekly</c> or <c>monthly</c>; nothing else is accepted.</summary>
public sealed class SummaryKindConverter()
    : JsonStringEnumConverter<SummaryKind>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);
