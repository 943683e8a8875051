using System.Buffers.Text;

namespace StudyTracker.LoadTests.Connections;

/// <summary>Reads the start line and the framing of an HTTP/1.1 answer; its content is of no interest here.</summary>
internal static class HttpAnswer
{
    private static ReadOnlySpan<byte> EndOfHeaders => "\r\n\r\n"u8;

    /// <summary>Looks whether what has been received so far is a whole answer.</summary>
    /// <param name="received">Everything received since the request.</param>
    /// <param name="ended">Whether the other side has closed its half: then nothing more comes.</param>
    public static AnswerState Read(ReadOnlySpan<byte> received, bool ended)
    {
        var anything = received.Length > 0;
        while (true)
        {
            var headersEnd = received.IndexOf(EndOfHeaders);
            if (headersEnd < 0) return ended && !anything ? AnswerState.Closed : ended ? AnswerState.Bad : AnswerState.Incomplete;
            if (!TryReadStatus(received, out var status)) return AnswerState.Bad;
            var headers = received[..headersEnd];
            var body = received[(headersEnd + EndOfHeaders.Length)..];
            if (status >= 200) return Frame(status, headers, body, ended);
            received = body; // 100 Continue and the like announce another answer
        }
    }

    private static AnswerState Frame(int status, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> body, bool ended)
    {
        var framing = Framing.Of(headers);
        var whole = framing switch
        {
            _ when status is 204 or 304 => true,
            { IsChunked: true } => IsChunkedWhole(body),
            { Length: { } length } => body.Length >= length,
            _ => ended, // without a length, the end of the connection ends the answer
        };
        if (whole is null) return AnswerState.Bad;
        if (whole is false) return ended ? AnswerState.Bad : AnswerState.Incomplete;
        return new AnswerState(true, status, !framing.Closes && (framing.IsChunked || framing.Length is not null || status is 204 or 304));
    }

    /// <summary>HTTP/1.x, a space, three digits.</summary>
    private static bool TryReadStatus(ReadOnlySpan<byte> received, out int status)
    {
        status = 0;
        return received.StartsWith("HTTP/1."u8) && received.Length > 12 && received[8] == ' '
            && Utf8Parser.TryParse(received[9..12], out status, out var digits) && digits == 3 && status is >= 100 and <= 599;
    }

    /// <summary>Whether the last chunk is there; null when it is no chunked body.</summary>
    private static bool? IsChunkedWhole(ReadOnlySpan<byte> body)
    {
        while (true)
        {
            var lineEnd = body.IndexOf("\r\n"u8);
            if (lineEnd < 0) return body.Length > 64 ? null : false;
            if (!Utf8Parser.TryParse(body[..lineEnd], out int size, out var digits, 'x') || digits == 0 || size < 0) return null;
            body = body[(lineEnd + 2)..];
            // The empty chunk is followed by trailers, if any, and an empty line.
            if (size == 0) return body.StartsWith("\r\n"u8) || body.IndexOf(EndOfHeaders) >= 0;
            if (body.Length < (long)size + 2) return false;
            body = body[(size + 2)..];
        }
    }

    /// <summary>How the end of a body is found.</summary>
    private readonly record struct Framing(int? Length, bool IsChunked, bool Closes)
    {
        public static Framing Of(ReadOnlySpan<byte> headers)
        {
            var framing = default(Framing);
            foreach (var range in headers.Split("\r\n"u8))
            {
                var line = headers[range];
                if (Value(line, "content-length:"u8) is { } length && Utf8Parser.TryParse(line[length..], out int bytes, out _)) framing = framing with { Length = bytes };
                else if (Value(line, "transfer-encoding:"u8) is { } coding) framing = framing with { IsChunked = IsWord(line[coding..], "chunked"u8) };
                else if (Value(line, "connection:"u8) is { } connection) framing = framing with { Closes = IsWord(line[connection..], "close"u8) };
            }

            return framing;
        }

        /// <summary>Where the value of a header begins; null when it is another header.</summary>
        private static int? Value(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name)
        {
            if (!IsWord(line, name)) return null;
            var start = name.Length;
            while (start < line.Length && line[start] is (byte)' ' or (byte)'\t') start++;
            return start;
        }

        private static bool IsWord(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) =>
            text.Length >= word.Length && System.Text.Ascii.EqualsIgnoreCase(text[..word.Length], word);
    }
}

/// <summary>How much of an answer is there.</summary>
/// <param name="IsWhole">Whether it is whole.</param>
/// <param name="Status">Its status; 0 when it is not whole, -1 when it is no answer.</param>
/// <param name="KeepsAlive">Whether the connection can carry another request.</param>
internal readonly record struct AnswerState(bool IsWhole, int Status, bool KeepsAlive)
{
    /// <summary>More has to come.</summary>
    public static AnswerState Incomplete => default;

    /// <summary>It cannot become an answer any more.</summary>
    public static AnswerState Bad => new(true, -1, false);

    /// <summary>The connection was closed before the first byte.</summary>
    public static AnswerState Closed => new(true, -2, false);
}
