using System.Text;
using System.Text.Json;

namespace StudyTracker.Summarizer.Summaries;

/// <summary>What a successful call brought: an answer; or an error after all; or, with neither, nothing of the kind.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Error">The error that came in its place.</param>
/// <param name="Streamed">Whether it came in pieces, which nobody asked for.</param>
internal readonly record struct Reply(Completion? Answer, ModelError? Error = null, bool Streamed = false);

/// <summary>
/// Reads a completion, whole or in pieces. The SDK's own reader throws on much that can be read: an unknown finish_reason, a
/// missing role, a created with a fraction.
/// </summary>
internal static class CompletionReader
{
    private static readonly JsonDocumentOptions _lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>Reads the body of an answer with a status of success.</summary>
    public static Reply Read(ReadOnlyMemory<byte> body)
    {
        body = WithoutBlanks(body);
        if (body.IsEmpty) return default;
        if (body.Span[0] == '<') return new Reply(null, ModelError.Read(200, body.Span));
        try
        {
            return ReadWholeOrPieces(body);
        }
        catch (InvalidOperationException)
        {
            // Half a character, as a byte or as an escape: everything else can still be read.
            return ReadWholeOrPieces(Encoding.UTF8.GetBytes(AnswerJson.Repaired(Encoding.UTF8.GetString(body.Span))));
        }
    }

    private static Reply ReadWholeOrPieces(ReadOnlyMemory<byte> body)
    {
        if (body.Span[0] is not ((byte)'{' or (byte)'[')) return ReadPieces(body);
        try
        {
            using var json = JsonDocument.Parse(body, _lenient);
            return ReadWhole(json.RootElement);
        }
        catch (JsonException)
        {
            return ReadPieces(body);
        }
    }

    private static Reply ReadWhole(JsonElement root)
    {
        // Gemini puts an array around its errors.
        if (root.ValueKind == JsonValueKind.Array) root = root.GetArrayLength() == 1 ? root[0] : default;
        if (root.ValueKind != JsonValueKind.Object) return default;
        var draft = new CompletionDraft();
        if (draft.Add(root) is { } error) return new Reply(null, error);
        if (draft.HasChoice) return new Reply(draft.Completed());
        // No choices: whatever it says instead is an error, in whatever form.
        error = ModelError.Read(200, root);
        return error.Text.Length > 0 ? new Reply(null, error) : default;
    }

    /// <summary>Server-sent events, or one JSON object on each line.</summary>
    private static Reply ReadPieces(ReadOnlyMemory<byte> body)
    {
        var draft = new CompletionDraft();
        foreach (var line in Encoding.UTF8.GetString(body.Span).AsSpan().EnumerateLines())
        {
            var piece = (line.StartsWith("data:") ? line["data:".Length..] : line).Trim();
            if (piece.IsEmpty || piece[0] != '{') continue;
            try
            {
                using var json = JsonDocument.Parse(piece.ToString(), _lenient);
                if (draft.Add(json.RootElement) is { } error) return new Reply(null, error, Streamed: true);
            }
            catch (JsonException)
            {
                return default;
            }
        }

        return draft.HasChoice ? new Reply(draft.Completed(), Streamed: true) : default;
    }

    private static ReadOnlyMemory<byte> WithoutBlanks(ReadOnlyMemory<byte> body)
    {
        ReadOnlySpan<byte> blanks = [0xEF, 0xBB, 0xBF, (byte)' ', (byte)'\t', (byte)'\r', (byte)'\n']; // with a byte order mark
        var start = body.Span.IndexOfAnyExcept(blanks);
        return start < 0 ? default : body[start..];
    }
}
