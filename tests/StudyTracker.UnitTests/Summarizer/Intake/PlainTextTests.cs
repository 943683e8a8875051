using System.Text;
using System.Text.Json;
using CsCheck;
using StudyTracker.Summarizer.Intake;

namespace StudyTracker.UnitTests.Summarizer.Intake;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("""{"text":"안녕 😀"}""", "안녕 😀")]
    [InlineData("""{"text":"\ud83d\ude00\t\"\\\/\n"}""", "😀\t\"\\/\n")]
    [InlineData("""{"text":""}""", "")]
    [InlineData("""{"text":null}""", "")]
    [InlineData("""{"text":"a\u0000b"}""", "a\uFFFDb")]
    [InlineData("""{"text":"a\ud800b"}""", "a\uFFFDb")]
    [InlineData("""{"text":"a\udc00b\n\"\\\/\b\f\r\t\u0041\u0000"}""", "a\uFFFDb\n\"\\/\b\f\r\tA\uFFFD")]
    [InlineData("""{"text":"\ude00\ud83d"}""", "\uFFFD\uFFFD")]
    [InlineData("""{"text":"\ud83d\ud83d\ude00"}""", "\uFFFD😀")]
    [InlineData("""{"text":"\ud800 안녕"}""", "\uFFFD 안녕")]
    public void People_keep_their_text_but_for_what_cannot_be_stored(string json, string text) => Read(Encoding.UTF8.GetBytes(json)).ShouldBe(text);

    [Fact]
    public void Bytes_that_are_no_UTF_8_are_replaced() =>
        Read([.. "{\"text\":\"a"u8, 0xC3, 0x28, 0xFF, .. "b\\n\"}"u8]).ShouldBe("a\uFFFD(\uFFFDb\n");

    [Theory]
    [InlineData("""{"text":7}""")]
    [InlineData("""{"text":["a"]}""")]
    [InlineData("""{"text":{"a":1}}""")]
    public void What_is_no_text_is_not_taken_for_one(string json) => Read(Encoding.UTF8.GetBytes(json)).ShouldBeEmpty();

    [Fact]
    public void Whatever_was_written_can_be_stored_afterwards() =>
        Gen.OneOf<char>(Gen.Char, Gen.Char['\ud800', '\udfff'], Gen.Const('\0')).Array[0, 40].Sample(letters =>
        {
            var escaped = string.Concat(letters.Select(letter => $"\\u{(int)letter:x4}"));
            var text = Read(Encoding.UTF8.GetBytes($"{{\"text\":\"{escaped}\"}}"));

            text.ShouldNotContain('\0');
            Should.NotThrow(() => new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(text));
            text.Length.ShouldBe(letters.Length);
        });

    private static string Read(byte[] json)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("text")) return PlainText.Read(ref reader);
        }

        return "";
    }
}
