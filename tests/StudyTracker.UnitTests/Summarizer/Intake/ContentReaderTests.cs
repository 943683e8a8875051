using StudyTracker.Contracts;
using StudyTracker.Summarizer.Intake;
using StudyTracker.UnitTests.ServiceDefaults.Kafka;

namespace StudyTracker.UnitTests.Summarizer.Intake;

/// <summary>What a message says beyond, or in place of, its text.</summary>
public sealed class ContentReaderTests
{
    private const string Rich =
        """
        [{"type":"rich_text","elements":[
            {"type":"rich_text_section","elements":[
                {"type":"text","text":"Vec<u8> & "},{"type":"text","text":"a &lt; b","style":{"code":true}},{"type":"text","text":" "},
                {"type":"user","user_id":"U0SECRET"},{"type":"text","text":" "},{"type":"usergroup","usergroup_id":"S0SECRET"},
                {"type":"text","text":" "},{"type":"channel","channel_id":"C0SECRET"},{"type":"text","text":" "},{"type":"broadcast","range":"here"},
                {"type":"text","text":" "},{"type":"emoji","name":"+1","unicode":"1f44d-1f3fd"},{"type":"emoji","name":"partyparrot"},
                {"type":"text","text":" "},{"type":"link","url":"https://x.example/a?b=1","text":"doc"},{"type":"text","text":" "},
                {"type":"date","timestamp":1392734382,"format":"{date}","fallback":"Feb 18"},{"type":"text","text":" "},{"type":"color","value":"#FF0000"}]},
            {"type":"rich_text_list","style":"bullet","indent":0,"elements":[
                {"type":"rich_text_section","elements":[{"type":"text","text":"one"}]},{"type":"rich_text_section","elements":[{"type":"text","text":"two"}]}]},
            {"type":"rich_text_list","style":"ordered","indent":1,"offset":2,"elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"three"}]}]},
            {"type":"rich_text_quote","elements":[{"type":"text","text":"said"}]},
            {"type":"rich_text_preformatted","elements":[{"type":"text","text":"for (;;) { }"}]}]}]
        """;

    [Fact]
    public void Blocks_say_what_an_empty_text_does_not() =>
        Read($$"""{"text":"","blocks":{{Rich}}}""").Text.ShouldBe(
            "Vec<u8> & `a &lt; b` @someone @a-group #a-channel @here 👍🏽:partyparrot: doc (x.example) Feb 18 #FF0000\n"
            + "• one\n• two\n    3. three\n> said\n```for (;;) { }```");

    [Theory]
    [InlineData("\"text\":\"This content can't be displayed.\",")]
    [InlineData("\"text\":\"see below\",")]
    [InlineData("\"text\":null,")]
    [InlineData("\"text\":7,")]
    [InlineData("")]
    public void Blocks_are_taken_where_the_text_is_poorer(string text) =>
        Read($$"""{{{text}}"blocks":{{Rich}}}""").Text.ShouldStartWith("Vec<u8> & `a &lt; b` @someone");

    [Theory]
    [InlineData("""[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"the text in other words"}]}]}]""")]
    [InlineData("[]")]
    [InlineData("""[{"type":"rich_text","elements":7},7,null,"x",[],{"type":7},{"type":"rich_text","elements":[{"elements":[{"text":{}}]}]}]""")]
    [InlineData("\"garbage\"")]
    public void The_text_stands_where_blocks_say_no_more(string blocks) =>
        Read($$"""{"text":"the text in its words","blocks":{{blocks}}}""").Text.ShouldBe("the text in its words");

    [Fact]
    public void Sections_and_tables_are_read_as_written() =>
        Read(
            """
            {"blocks":[{"type":"header","text":{"type":"plain_text","text":"A &amp; B"}},
            {"type":"section","text":{"type":"mrkdwn","text":"<@U2> learned &lt;T&gt;"},"fields":[{"type":"mrkdwn","text":"f1"},{"type":"mrkdwn","text":"f2"}]},
            {"type":"context","elements":[{"type":"image","alt_text":"x"},{"type":"mrkdwn","text":"small"}]},{"type":"divider"},
            {"type":"table","rows":[[{"type":"raw_text","text":"c1"},{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"c2"}]}]}]]}]}
            """).Text.ShouldBe("A & B\n@someone learned <T>\nf1\nf2\nsmall\nc1 | c2");

    [Fact]
    public void A_forwarded_message_counts_and_is_marked_as_anothers()
    {
        var content = Read("""{"text":"","attachments":[{"is_share":true,"author_id":"U2","text":"Dijkstra &lt;3 <@U3>"}]}""");

        content.ShouldBe(new MessageContent("", "Quoted from someone else: Dijkstra <3 @someone", SaysSomething: true));
    }

    [Theory]
    [InlineData("""{"is_msg_unfurl":true,"author_id":"U1","text":"my own words"}""", "Forwarded from another place: my own words")]
    [InlineData("""{"is_share":true,"text":"by nobody"}""", "Quoted from someone else: by nobody")]
    [InlineData("""{"is_share":true,"author_id":"U2","text":"","message_blocks":[{"team":"T1","message":{"blocks":[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"rich"}]}]}]}}]}""", "Quoted from someone else: rich")]
    [InlineData("""{"is_share":true,"author_id":"U2","fallback":"[May 1st] bob: fallen back"}""", "Quoted from someone else: [May 1st] bob: fallen back")]
    [InlineData("""{"is_share":true,"author_id":"U2","text":"look","files":[{"title":"q.sql","filetype":"sql","preview":"SELECT 1"}]}""", "Quoted from someone else: look\nSnippet q.sql (sql): SELECT 1")]
    public void Forwarded_messages_come_in_many_forms(string attachment, string attached)
    {
        var content = Read($$"""{"attachments":[{{attachment}}]}""");

        (content.Attached, content.SaysSomething).ShouldBe((attached, true));
    }

    [Theory]
    [InlineData("""{"title":"Dijkstra&#39;s &amp; A*","text":"Shortest paths","from_url":"https://x.example","title_link":"https://x.example"}""", "Linked page: Dijkstra&#39;s & A* - Shortest paths")]
    [InlineData("""{"title":"Only a title"}""", "Linked page: Only a title")]
    [InlineData("""{"fallback":"Only a fallback"}""", "Linked page: Only a fallback")]
    [InlineData("""{"blocks":[{"type":"section","text":{"type":"mrkdwn","text":"in a block"}}]}""", "Linked page: in a block")]
    public void What_is_behind_a_link_helps_and_says_nothing_alone(string attachment, string attached)
    {
        Read($$"""{"text":"<@U2>","attachments":[{{attachment}}]}""").ShouldBe(new MessageContent("@someone", attached, SaysSomething: false));
        Read($$"""{"text":"<https://x.example>","attachments":[{{attachment}}]}""").ShouldBe(new MessageContent("x.example", attached));
    }

    [Theory]
    [InlineData("""{"mode":"snippet","title":"heap.py","filetype":"python","preview":"import heapq\nx < y &amp;"}""", "Snippet heap.py (python): import heapq\nx < y &amp;", true)]
    [InlineData("""{"filetype":"email","plain_text":"mail","name":"m"}""", "Snippet m (email): mail", true)]
    [InlineData("""{"title":"voice","transcription":{"status":"complete","preview":{"content":"I learned","has_more":true}}}""", "Snippet voice: I learned", true)]
    [InlineData("""{"title":"IMG_1.png","filetype":"png"}""", "File: IMG_1.png (png)", false)]
    [InlineData("""{"title":"IMG_1.png","preview":7,"plain_text":{}}""", "File: IMG_1.png", false)]
    [InlineData("""{"id":"F1","file_access":"check_file_info"}""", null, false)]
    public void The_beginning_of_a_snippet_counts_and_a_picture_alone_does_not(string file, string? attached, bool says) =>
        Read($$"""{"subtype":"file_share","text":"","files":[{{file}}]}""").ShouldBe(new MessageContent("", attached, says));

    [Theory]
    [InlineData("\"attachments\":7")]
    [InlineData("\"attachments\":[7,null,[],\"x\",{}]")]
    [InlineData("\"attachments\":[{\"is_share\":true,\"text\":{\"of\":\"another form\"},\"message_blocks\":{},\"files\":7}]")]
    [InlineData("\"files\":{\"a\":1}")]
    [InlineData("\"files\":[null,[[]],{\"title\":[]}]")]
    [InlineData("\"blocks\":{\"type\":\"rich_text\"}")]
    public void What_is_of_no_known_form_is_passed_by(string garbage) =>
        Read($$"""{"text":"kept",{{garbage}}}""").ShouldBe(new MessageContent("kept"));

    [Theory]
    [InlineData("blocks")]
    [InlineData("attachments")]
    [InlineData("files")]
    [InlineData("whatever")]
    public void What_lies_too_deep_is_passed_by(string property) =>
        Read($$"""{"text":"kept","{{property}}":{{new string('[', 1_000)}}{{new string(']', 1_000)}}}""").ShouldBe(new MessageContent("kept"));

    [Fact]
    public void What_cannot_be_stored_is_replaced_wherever_it_stands() =>
        Read("""{"text":"","attachments":[{"is_share":true,"text":"a\u0000b\ud800"}],"files":[{"title":"\udc00t","preview":"c\u0000"}]}""").Attached
            .ShouldBe("Quoted from someone else: a\uFFFDb\uFFFD\nSnippet \uFFFDt: c\uFFFD");

    [Fact]
    public void Nine_thousand_ampersands_are_no_longer_than_they_were_written()
    {
        var content = Read($$"""{"text":"x{{string.Concat(Enumerable.Repeat("&amp;", 9_000))}}"}""");

        (content.Text.Length, content.IsCut).ShouldBe((9_001, false));
    }

    [Fact]
    public void A_text_that_is_too_long_is_cut_between_letters_and_marked()
    {
        var content = Read($$"""{"text":"x{{string.Concat(Enumerable.Repeat("𝒜", 25_000))}}"}""");

        (content.Text.Length, content.IsCut).ShouldBe((39_999, true));
        content.Text[^2..].ShouldBe("𝒜");
    }

    [Fact]
    public void What_comes_along_is_cut_too()
    {
        var content = Read($$"""{"text":"own","files":[{"title":"t","preview":"{{new string('x', 20_000)}}"},{"title":"more"}]}""");

        (content.Attached!.Length, content.IsCut).ShouldBe((8_000, true));
    }

    private static MessageContent Read(string fields) => EnvelopeReader.Read(
        Records.Of(
            value: $$"""{"team_id":"T1","event_id":"Ev1","event":{"user":"U1","channel":"C1","ts":"1700000000.1",{{fields.Trim()[1..]}}}""",
            headers: Records.Headers((RecordHeaders.ReceivedAt, "1700000005000"))),
        new IntakeOptions()).Content;
}
