using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace StudyTracker.Summarizer.Summaries;

/// <summary>Writes the body of a call. The SDK's own writer escapes all that is not ASCII, and knows no way around what a server refuses.</summary>
internal static class ModelRequest
{
    private static readonly JsonWriterOptions _readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private static readonly byte[] _schema = Minified(Prompt.Schema);
    private static readonly string _systemWithSchema = $"{Prompt.System}\nThe schema: {System.Text.Encoding.UTF8.GetString(_schema)}";

    public static ReadOnlyMemory<byte> Write(Prompt prompt, ModelDialect dialect, ModelOptions options)
    {
        var body = new ArrayBufferWriter<byte>(_systemWithSchema.Length + prompt.Text.Length * 2 + 512);
        using var json = new Utf8JsonWriter(body, _readable);
        json.WriteStartObject();
        json.WriteString("model"u8, options.Model);
        json.WriteStartArray("messages"u8);
        // Where the server does not take the schema, the model has to read it.
        var system = dialect.Format == AnswerFormat.JsonSchema ? Prompt.System : _systemWithSchema;
        if (dialect.SystemRole)
        {
            WriteMessage(json, "system"u8, system);
            WriteMessage(json, "user"u8, prompt.Text);
        }
        else
        {
            WriteMessage(json, "user"u8, $"{system}\n\n{prompt.Text}");
        }

        json.WriteEndArray();
        WriteFormat(json, dialect.Format);
        if (dialect.Limit != OutputLimit.None)
            json.WriteNumber(dialect.Limit == OutputLimit.MaxTokens ? "max_tokens"u8 : "max_completion_tokens"u8, dialect.OutputTokens);
        if (dialect.ReasoningEffort) json.WriteString("reasoning_effort"u8, options.ReasoningEffort);
        if (dialect.Stream) json.WriteBoolean("stream"u8, false); // some servers stream unless told not to
        json.WriteEndObject();
        json.Flush();
        return body.WrittenMemory;
    }

    private static void WriteMessage(Utf8JsonWriter json, ReadOnlySpan<byte> role, string content)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, role);
        json.WriteString("content"u8, content);
        json.WriteEndObject();
    }

    private static void WriteFormat(Utf8JsonWriter json, AnswerFormat format)
    {
        if (format == AnswerFormat.Text) return;
        json.WriteStartObject("response_format"u8);
        json.WriteString("type"u8, format == AnswerFormat.JsonSchema ? "json_schema"u8 : "json_object"u8);
        if (format == AnswerFormat.JsonSchema)
        {
            json.WriteStartObject("json_schema"u8);
            json.WriteString("name"u8, Prompt.SchemaName);
            json.WriteBoolean("strict"u8, true);
            json.WritePropertyName("schema"u8);
            json.WriteRawValue(_schema, skipInputValidation: true);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static byte[] Minified(string json)
    {
        using var document = JsonDocument.Parse(json);
        return JsonSerializer.SerializeToUtf8Bytes(document.RootElement, PromptJson.Default.JsonElement);
    }
}
