using System.Text;
using StudyTracker.Ingress;

namespace StudyTracker.UnitTests.Ingress;

/// <summary>Whose installation of the app an envelope is for, and where the author of its message is at home.</summary>
public sealed class HomeTests
{
    private const string Organisation = "'authorizations':[{'enterprise_id':'E1','team_id':null,'user_id':'W9','is_bot':true,'is_enterprise_install':true}]";
    private const string Shared = "'is_ext_shared_channel':true";

    /// <summary>Envelope fields, fields of the message, and the record key that follows.</summary>
    public static TheoryData<string, string, string> Messages => new()
    {
        // An ordinary workspace; real edits name the author's workspace three times.
        { "'team_id':'T1'", "", "T1:U1" },
        { "'team_id':'T1','context_team_id':'T1','context_enterprise_id':null,'enterprise_id':null", "'team':'T1'", "T1:U1" },
        { "'team_id':'T1','authorizations':[]", "'team':'T1','user_team':'T1','source_team':'T1'", "T1:U1" },

        // Slack Connect: the same author in every form that Slack has for it.
        { $"'team_id':'T1',{Shared}", "'user_team':'T2'", "T2:U1" },
        { "'team_id':'T1'", "'user_team':'T2'", "T2:U1" },
        { $"'team_id':'T2',{Shared}", "", "T2:U1" },
        { $"'team_id':'T1',{Shared}", "'team':'T2'", "T2:U1" },
        { $"'team_id':'T1',{Shared}", "'team':'T1','source_team':'T2'", "T2:U1" },
        { $"'team_id':'T2','context_team_id':'T1',{Shared}", "'team':'T2'", "T2:U1" },
        { $"'team_id':'T1',{Shared}", "'files':[{'id':'F1','user_team':'T2'},{'user_team':'T3'}]", "T2:U1" },
        { $"'team_id':'T1',{Shared}", "'user_team':null,'team':'','files':[]", "T1:U1" },
        { $"'team_id':'T1',{Shared}", "'user_team':'T 2','files':['F1',{'user_team':'T3'}]", "T1:U1" },

        // A workspace of an organisation that has installed the app for itself: at times Slack tells the organisation instead.
        { "'team_id':'T1','enterprise_id':'E1'", "'team':'T1'", "T1:U1" },
        { "'team_id':'T1','enterprise_id':'E1'", "'user_team':'E1','source_team':'E1'", "T1:U1" },
        { $"'team_id':'T1','context_team_id':'T1',{Shared}", "'team':'T1','user_team':'E2','source_team':'E2'", "E2:U1" },
        { $"'team_id':'T2','enterprise_id':'E2','context_team_id':'T1','context_enterprise_id':'E1',{Shared}", "'user_team':'E2'", "T2:U1" },
        { $"'team_id':'T2','enterprise_id':'E2','context_team_id':'T1','context_enterprise_id':'E1',{Shared}", "'user_team':'E1'", "T1:U1" },

        // Installed for a whole organisation: its people are at home there, whichever workspace they write in.
        { $"'team_id':'T1','enterprise_id':'E1',{Organisation}", "'team':'T1'", "E1:U1" },
        { $"'team_id':'T7','enterprise_id':'E1',{Organisation}", "'team':'T7','user_team':'T8'", "E1:U1" },
        { "'team_id':null,'enterprise_id':'E1'", "", "E1:U1" },
        { "'enterprise_id':'E1','authorizations':[]", "'team':'T1'", "E1:U1" },
        { $"'team_id':null,{Organisation}", "", "E1:U1" },
        { "'team_id':'T1','enterprise_id':'E1','is_enterprise_install':'true'", "", "E1:U1" },
        { "'team_id':null,'authorizations':[{'team_id':'T1','enterprise_id':'E1','is_enterprise_install':false}]", "", "T1:U1" },

        // Such an organisation with guests.
        { $"'team_id':'T2','enterprise_id':'E2','context_team_id':'T1','context_enterprise_id':'E1',{Shared},{Organisation}", "'team':'T2'", "T2:U1" },
        { $"'team_id':'T1','enterprise_id':'E1',{Shared},{Organisation}", "'user_team':'T2'", "T2:U1" },
        { $"'team_id':'T1','enterprise_id':'E1',{Shared},{Organisation}", "'team':'T1'", "E1:U1" },
        { $"'team_id':'T1','enterprise_id':'E1',{Shared},{Organisation}", "'user_team':'E1'", "E1:U1" },
        { $"'team_id':'T1','enterprise_id':'E1',{Shared},{Organisation}", "", "E1:U1" },
        { $"'team_id':'T9','context_team_id':'T1','context_enterprise_id':'E1',{Shared},{Organisation}", "'team':'T1'", "E1:U1" },
    };

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_its_edit_and_its_deletion_are_of_one_member(string envelope, string message, string key)
    {
        var author = $"'user':'U1'{(message.Length == 0 ? "" : ",")}{message}";
        KeyOf(envelope, $"'type':'message','channel':'C1',{author}").ShouldBe(key);
        KeyOf(envelope, $"'type':'message','subtype':'message_changed','channel':'C1','message':{{{author}}},'previous_message':{{'user':'U1'}}").ShouldBe(key);
        KeyOf(envelope, $"'type':'message','subtype':'message_deleted','channel':'C1','previous_message':{{{author}}}").ShouldBe(key);
    }

    [Theory]
    [InlineData("'team_id':'T1'", "T1")]
    [InlineData("'team_id':'T1','enterprise_id':'E1'", "T1")]
    [InlineData("'team_id':null,'enterprise_id':'E1'", "E1")]
    [InlineData("'team_id':'T1','enterprise_id':'E1'," + Organisation, "E1")]
    [InlineData("'enterprise_id':'E1','is_enterprise_install':true", "E1")]
    public void What_happens_to_an_installation_or_a_channel_is_told_to_whose_installation_it_is(string envelope, string key)
    {
        KeyOf(envelope, "'type':'app_uninstalled'").ShouldBe(key);
        KeyOf(envelope, "'type':'tokens_revoked','tokens':{'bot':['U9']}").ShouldBe(key);
        KeyOf(envelope, "'type':'channel_id_changed','old_channel_id':'G1','new_channel_id':'C1'").ShouldBe(key);
    }

    [Theory]
    [InlineData("T1", true)] // the channel's workspace
    [InlineData("T2", true)] // the author's
    [InlineData("T3", true)] // that of the app
    [InlineData("E9", true)]
    [InlineData("T4", false)]
    public void An_event_is_wanted_for_the_workspace_that_it_was_sent_for_and_for_its_authors(string allowed, bool wanted)
    {
        var read = Read(
            $"'team_id':'T1','enterprise_id':'E9','context_team_id':'T3',{Shared}",
            "'type':'message','channel':'C1','user':'U1','user_team':'T2'",
            new HashSet<string> { allowed });

        $"{read.Kind}:{read.Detail}".ShouldBe(wanted ? "Message:" : "Unwanted:team");
    }

    private static string KeyOf(string envelope, string slackEvent) => Encoding.UTF8.GetString(Read(envelope, slackEvent).Key);

    private static SlackEvent Read(string envelope, string slackEvent, IReadOnlySet<string>? allowedTeams = null)
    {
        var body = $"{{'type':'event_callback','event_id':'Ev1',{envelope},'event':{{{slackEvent}}}}}".Replace('\'', '"');
        return SlackEvent.Read(Encoding.UTF8.GetBytes(body), allowedTeams);
    }
}
