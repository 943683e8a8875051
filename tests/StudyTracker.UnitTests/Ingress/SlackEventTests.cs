using System.Text;
using StudyTracker.Ingress;

namespace StudyTracker.UnitTests.Ingress;

public sealed class SlackEventTests
{
    private const string Head = "\"type\":\"event_callback\",\"team_id\":\"T1\",\"event_id\":\"Ev1\"";

    /// <summary>The event inside an envelope, and what it is: <c>Kind:detail or user</c>.</summary>
    public static TheoryData<string, string> Events => new()
    {
        { """{"type":"message","user":"U1","channel":"C1","ts":"1.2","text":"hello"}""", "Message:U1" },
        { """{"type":"message","user":"U1","channel":"C1","ts":"1.2","thread_ts":"1.0","text":"a reply"}""", "Message:U1" },
        { """{"type":"message","subtype":null,"user":"U1","channel":"C1"}""", "Message:U1" },
        { """{"type":"message","subtype":"file_share","user":"U1","channel":"C1","files":[{"id":"F1","user":"U2"}]}""", "Message:U1" },
        { """{"type":"message","subtype":"thread_broadcast","user":"U1","channel":"C1"}""", "Message:U1" },
        { """{"type":"message","subtype":"me_message","user":"U1","channel":"C1"}""", "Message:U1" },
        { """{"type":"message","subtype":"message_changed","channel":"C1","message":{"user":"U1","ts":"1.2"}}""", "Message:U1" },
        { """{"type":"message","subtype":"message_changed","channel":"C1","message":{"user":"U1"},"previous_message":{"user":"U1"}}""", "Message:U1" },
        { """{"type":"message","subtype":"message_deleted","channel":"C1","previous_message":{"user":"U1","ts":"1.2"}}""", "Message:U1" },
        { """{"type":"message","subtype":"message_deleted","user":"U9","channel":"C1","previous_message":{"user":"U1"}}""", "Message:U1" },
        { """{"type":"message","user":"U1","channel":"C1","text":"\u0000"}""", "Message:U1" },
        { """{"type":"message","subtype":"bot_message","channel":"C1","username":"ci"}""", "Unwanted:bot" },
        { """{"type":"message","user":"U1","bot_id":"B1","channel":"C1"}""", "Unwanted:bot" },
        { """{"type":"message","user":"U1","bot_id":null,"channel":"C1"}""", "Message:U1" },
        { """{"type":"message","subtype":"message_changed","channel":"C1","message":{"user":"U1","bot_id":"B1"}}""", "Unwanted:bot" },
        { """{"type":"message","subtype":"message_deleted","channel":"C1","previous_message":{"user":"U1","bot_id":"B1"}}""", "Unwanted:bot" },
        { """{"type":"message","subtype":"channel_join","user":"U1","channel":"C1"}""", "Unwanted:subtype" },
        { """{"type":"message","subtype":"channel_topic","user":"U1","channel":"C1"}""", "Unwanted:subtype" },
        { """{"type":"message","subtype":"of a later day","user":"U1","channel":"C1"}""", "Unwanted:subtype" },
        { """{"type":"message","subtype":"","user":"U1","channel":"C1"}""", "Message:U1" },
        { """{"type":"message","user":"U1","app_id":"A1","client_msg_id":"3f2b","channel":"C1"}""", "Message:U1" },
        { """{"type":"message","user":"U1","bot_id":"B1","app_id":"A1","bot_profile":{"id":"B1"},"channel":"C1"}""", "Unwanted:bot" },
        { """{"type":"message","subtype":"thread_broadcast","user":"U1","channel":"C1","root":{"user":"U2","bot_id":"B1","subtype":"bot_message"}}""", "Message:U1" },
        { """{"type":"message","user":"U1","channel":"C1","attachments":[{"is_share":true,"author_id":"U2","bot_id":"B1"}]}""", "Message:U1" },
        { """{"type":"message","user":"U1","channel":"D1","channel_type":"im"}""", "Message:U1" },
        { """{"type":"message","user":"U1","channel":"D1","channel_type":"app_home"}""", "Message:U1" },
        { """{"type":"message","user":"U1","channel":"G1","channel_type":"mpim"}""", "Message:U1" },
        { """{"type":"message","user":"USLACKBOT","channel":"C1","text":"Reminder: study."}""", "Unwanted:slackbot" },
        { """{"type":"message","subtype":"slackbot_response","user":"USLACKBOT","channel":"C1"}""", "Unwanted:subtype" },
        { """{"type":"message","subtype":"message_changed","channel":"C1","message":{"user":"USLACKBOT"},"previous_message":{"user":"USLACKBOT"}}""", "Unwanted:slackbot" },
        { """{"type":"message","subtype":"message_deleted","channel":"C1","previous_message":{"user":"USLACKBOT"}}""", "Unwanted:slackbot" },
        { """{"type":"message","subtype":"message_changed","channel":"C1","message":{"subtype":"tombstone","user":"USLACKBOT","hidden":true},"previous_message":{"user":"U1"}}""", "Message:U1" },
        { """{"type":"message","subtype":"message_changed","channel":"C1","previous_message":{"user":"U1"},"message":{"user":"USLACKBOT","subtype":"tombstone"}}""", "Message:U1" },
        { """{"type":"message","subtype":"message_changed","channel":"C1","message":{"subtype":"tombstone","user":"U1"}}""", "Message:U1" },
        { """{"type":"message","subtype":"message_deleted","channel":"C1","previous_message":{"subtype":"tombstone","user":"USLACKBOT"}}""", "Unwanted:subtype" },
        { """{"type":"message","subtype":"tombstone","user":"U1","channel":"C1"}""", "Unwanted:subtype" },
        { """{"type":"message","subtype":"message_changed","channel":"C1","message":{"subtype":"huddle_thread","user":"U1","reply_count":1}}""", "Unwanted:subtype" },
        { """{"type":"message","subtype":"message_changed","channel":"D1","hidden":true,"message":{"subtype":"assistant_app_thread","user":"U1","reply_count":1}}""", "Unwanted:subtype" },
        { """{"type":"message","subtype":"message_changed","channel":"C1","message":{"subtype":"bot_message","user":"U1"}}""", "Unwanted:bot" },
        { """{"type":"message","subtype":"message_deleted","channel":"C1","previous_message":{"subtype":"channel_join","user":"U1"}}""", "Unwanted:subtype" },
        { """{"type":"message","subtype":"message_changed","channel":"C1","hidden":true,"message":{"user":"U1","reply_count":2,"pinned_to":["C1"]}}""", "Message:U1" },
        { """{"type":"message","subtype":"message_replied","hidden":true,"channel":"C1","message":{"user":"U1","reply_count":1}}""", "Unwanted:subtype" },
        { """{"type":"message","subtype":"reminder_add","user":"U1","channel":"C1"}""", "Unwanted:subtype" },
        { """{"type":"message","subtype":"huddle_thread","user":"U1","channel":"C1"}""", "Unwanted:subtype" },
        { """{"type":"message","subtype":"bot_add","user":"U1","channel":"C1"}""", "Unwanted:subtype" },
        { """{"type":"message","subtype":"ekm_access_denied","user":"UREVOKEDU","channel":"C1"}""", "Unwanted:subtype" },
        { """{"type":"message","subtype":"document_mention","user":"U1","channel":"C1"}""", "Unwanted:subtype" },
        { """{"type":"message","user":"U1","channel":"C1","hidden":true}""", "Unwanted:hidden" },
        { """{"type":"message","user":"U1","channel":"C1","is_ephemeral":true}""", "Unwanted:hidden" },
        { """{"type":"message","user":"U1","channel":"C1","hidden":false}""", "Message:U1" },
        { """{"type":"channel_id_changed","old_channel_id":"G1","new_channel_id":"C1","event_ts":"1.0"}""", "ChannelChange:" },
        { """{"type":"channel_id_changed","old_channel_id":"G1","new_channel_id":"G1"}""", "Unwanted:no_channel" },
        { """{"type":"channel_id_changed","old_channel_id":"G1"}""", "Unwanted:no_channel" },
        { """{"type":"channel_id_changed","old_channel_id":"G1:U1","new_channel_id":"C1"}""", "Unwanted:no_channel" },
        { """{"type":"channel_rename","channel":{"id":"C1","name":"new"}}""", "Unwanted:event_type" },
        { """{"type":"team_access_granted","team_ids":["T1","T2"]}""", "Unwanted:event_type" },
        { """{"type":"app_mention","user":"U1","channel":"C1"}""", "Unwanted:app_mention" },
        { """{"type":"app_mention","user":"U1","bot_id":"B1","channel":"C1"}""", "Unwanted:app_mention" },
        { """{"type":"tokens_revoked","tokens":{"oauth":["U1"],"bot":["U2"]}}""", "Installation:" },
        { """{"type":"app_uninstalled"}""", "Installation:" },
        { """{"type":"app_uninstalled","bot_id":"B1"}""", "Installation:" },
        { """{"type":"reaction_added","user":"U1"}""", "Unwanted:event_type" },
        { """{"type":"app_home_opened","user":"U1","channel":"D1"}""", "Unwanted:event_type" },
        { """{"type":{"of":"another form"},"user":"U1"}""", "Unwanted:event_type" },
        { "[]", "Unwanted:event_type" },
        { "null", "Unwanted:event_type" },
        { "\"message\"", "Unwanted:event_type" },
        { """{"type":"message","channel":"C1"}""", "Unwanted:no_user_or_channel" },
        { """{"type":"message","user":"U1"}""", "Unwanted:no_user_or_channel" },
        { """{"type":"message","user":["U1"],"channel":"C1"}""", "Unwanted:no_user_or_channel" },
        { """{"type":"message","user":{"id":"U1"},"channel":"C1"}""", "Unwanted:no_user_or_channel" },
        { """{"type":"message","user":"U1:U2","channel":"C1"}""", "Unwanted:no_user_or_channel" },
        { """{"type":"message","user":"U1\n","channel":"C1"}""", "Unwanted:no_user_or_channel" },
        { """{"type":"message","subtype":"message_changed","user":"U1","channel":"C1"}""", "Unwanted:no_user_or_channel" },
        { """{"type":"message","subtype":"message_changed","channel":"C1","message":[{"user":"U1"}]}""", "Unwanted:no_user_or_channel" },
    };

    [Theory]
    [MemberData(nameof(Events))]
    public void An_event_is_told_for_what_it_is(string slackEvent, string expected)
    {
        var read = Read($"{{{Head},\"event\":{slackEvent}}}");

        $"{read.Kind}:{(read.Kind == SlackEventKind.Message ? read.UserId : read.Detail)}".ShouldBe(expected);
        (read.TeamId, Encoding.ASCII.GetString(read.EventId)).ShouldBe(("T1", "Ev1"));
    }

    /// <summary>A whole body, and what it is.</summary>
    public static TheoryData<string, string> Bodies => new()
    {
        { """{"type":"url_verification","challenge":"abc","token":"x"}""", "UrlVerification:" },
        { """{"type":"url_verification"}""", "Invalid:no_challenge" },
        { """{"type":"url_verification","challenge":""}""", "Invalid:no_challenge" },
        { """{"type":"url_verification","challenge":["abc"]}""", "Invalid:no_challenge" },
        { """{"type":"app_rate_limited","team_id":"T1","minute_rate_limited":1518467820,"api_app_id":"A1"}""", "RateLimited:" },
        { """{"type":"app_rate_limited","team_id":null,"minute_rate_limited":1518467820,"api_app_id":"A1"}""", "RateLimited:" },
        { """{"type":"event_callback","event_id":"Ev1","event":{"type":"message"}}""", "Unwanted:no_team" },
        { """{"type":"event_callback","team_id":null,"event_id":"Ev1","authorizations":[],"event":{"type":"message","user":"U1","channel":"C1"}}""", "Unwanted:no_team" },
        { """{"type":"event_callback","team_id":"T 1","event_id":"Ev1"}""", "Unwanted:no_team" },
        { """{"type":"event_callback","team_id":1,"event_id":"Ev1"}""", "Unwanted:no_team" },
        { """{"type":"event_callback","team_id":"T1","event":{"type":"message"}}""", "Invalid:no_event_id" },
        { """{"type":"event_callback","team_id":"T1","event_id":"Ev1"}""", "Unwanted:event_type" },
        { """{"type":"block_actions"}""", "Unwanted:type" },
        { """{"type":""}""", "Unwanted:type" },
        { "{}", "Invalid:no_type" },
        { """{"type":null}""", "Invalid:no_type" },
        { """{"type":{"type":"event_callback"}}""", "Invalid:no_type" },
        { "", "Invalid:not_json" },
        { "  ", "Invalid:not_json" },
        { "null", "Invalid:not_json" },
        { "[]", "Invalid:not_json" },
        { "\"text\"", "Invalid:not_json" },
        { "payload=%7B%7D", "Invalid:not_json" },
        { """{"type":"event_callback""", "Invalid:not_json" },
        { """{"type":"event_callback","team_id":"T1",}""", "Invalid:not_json" },
        { """{"type":"app_rate_limited"} """, "RateLimited:" },
        { """{"type":"app_rate_limited"}{}""", "Invalid:not_json" },
        { """{"type":"app_rate_limited"}x""", "Invalid:not_json" },
        { """{"type":"app_rate_limited"/* a comment */}""", "Invalid:not_json" },
        { "{\"type\":\"app_rate_limited\"}\0", "Invalid:not_json" },
        { "\uFEFF{\"type\":\"app_rate_limited\"}", "Invalid:not_json" },
        { """{"type":"app_rate_limited","type":"url_verification","challenge":"x"}""", "Invalid:not_json" },
        { """{"type":"event_callback","team_id":"T1","team_id":"T2","event_id":"Ev1"}""", "Invalid:not_json" },
        { """{"type":"event_callback","team_id":null,"team_id":"T2","event_id":"Ev1"}""", "Invalid:not_json" },
        { """{"type":"event_callback","team_id":"T1","event_id":"Ev1","event":{"user":"U1"},"event":{"type":"message"}}""", "Invalid:not_json" },
        { """{"type":"event_callback","team_id":"T1","event_id":"Ev1","event":{"type":"message","user":"U1","user":"U2","channel":"C1"}}""", "Invalid:not_json" },
        { """{"type":"event_callback","team_id":"T1","event_id":"Ev1","event":{"type":"message","subtype":"message_changed","channel":"C1","message":{"user":"U1","user":"U2"}}}""", "Invalid:not_json" },
        { """{"type":"event_callback","team_id":"T1","event_id":"Ev1","event":{"type":"message","user":"U1","team":"T1","team":"T2","channel":"C1"}}""", "Invalid:not_json" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public void A_body_is_told_for_what_it_is(string body, string expected)
    {
        var read = Read(body);

        $"{read.Kind}:{read.Detail}".ShouldBe(expected);
    }

    [Fact]
    public void The_challenge_is_kept_to_be_echoed() =>
        Read("""{"type":"url_verification","challenge":"3eZbrw1aB\u0041"}""").Challenge.ShouldBe("3eZbrw1aBA");

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    [InlineData(900_000, false)]
    public void Ids_have_at_most_64_characters(int length, bool accepted)
    {
        var id = new string('U', length);
        var read = Read($$"""{ {{Head}}, "event":{"type":"message","user":"{{id}}","channel":"C1"} }""");

        (read.Kind == SlackEventKind.Message).ShouldBe(accepted);
    }

    [Theory]
    [InlineData(60, "Message")]
    [InlineData(70, "Invalid")]
    [InlineData(100_000, "Invalid")]
    public void Nesting_has_a_limit(int depth, string kind)
    {
        var nested = string.Concat(Enumerable.Repeat("[", depth)) + string.Concat(Enumerable.Repeat("]", depth));

        $"{Read($$"""{ {{Head}}, "event":{"type":"message","user":"U1","channel":"C1","blocks":{{nested}}} }""").Kind}".ShouldBe(kind);
    }

    [Theory]
    [InlineData("\"type\":\"message\",\"channel\":\"C1\",\"user\":\"U", "Invalid")] // in an id: no key can be made of it
    [InlineData("\"type\":\"message\",\"channel\":\"C1\",\"user\":\"U1\",\"text\":\"", "Message")] // in a text: intake repairs it
    public void Bytes_that_are_no_UTF_8_matter_only_where_Ingress_reads_them(string before, string kind)
    {
        byte[] body = [.. Encoding.UTF8.GetBytes($"{{{Head},\"event\":{{{before}"), 0xC3, 0x28, .. "\"}}"u8];

        $"{SlackEvent.Read(body).Kind}".ShouldBe(kind);
    }

    [Fact]
    public void Half_a_surrogate_pair_in_an_id_is_invalid() =>
        Read($$"""{ {{Head}}, "event":{"type":"message","user":"U\ud800","channel":"C1"} }""").Kind.ShouldBe(SlackEventKind.Invalid);

    [Fact]
    public void Escaped_names_and_ids_are_the_same_names_and_ids() =>
        Read("""{"\u0074ype":"event_callback","team_id":"\u0054\u0031","event_id":"Ev1","event":{"type":"message","user":"U1","channel":"C1"}}""")
            .TeamId.ShouldBe("T1");

    private static SlackEvent Read(string body) => SlackEvent.Read(Encoding.UTF8.GetBytes(body));
}
