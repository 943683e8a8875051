using StudyTracker.Contracts;
using StudyTracker.Hosting;
using StudyTracker.Kafka;
using StudyTracker.Storage;
using StudyTracker.Summarizer.Storage;

namespace StudyTracker.Summarizer.Members;

/// <summary>Puts together what concerns members: the stage preferences, their profiles, and what operators see of them.</summary>
internal static class MemberStage
{
    public static void AddMembers(this WebApplicationBuilder builder)
    {
        builder.Services.AddValidatedOptions<MemberOptions>(MemberOptions.Section);
        builder.Services.AddValidatedOptions<SlackOptions>(SlackOptions.Section);
        builder.Services.AddSingleton<PreferenceStore>();
        builder.Services.AddSingleton<PreferencesEndpoint>();
        builder.Services.AddSingleton<MemberExport>();
        builder.Services.AddSingleton<MemberErasure>();
        builder.Services.AddSingleton<MembersEndpoint>();
        SlackReplies.Add(builder.Services);
        PreferencesStage.CountFromZero(builder.Services);
        MemberProfiles.CountFromZero(builder.Services);
        builder.Services.AddSingleton<PreferencesStage>();
        builder.AddKeyedConsumer(
            Topics.SlackInteractions,
            ConsumerGroups.Preferences,
            services => services.GetRequiredService<PreferencesStage>().ActAsync,
            (services, token) => services.GetRequiredService<SchemaMigration<StudyDbContext>>().WaitAsync(token));
        SlackProfiles.Add(builder.Services);
        builder.Services.AddSingleton<MemberProfiles>();
        builder.Services.AddHostedService<ProfileRefresh>();
    }

    public static void MapMembers(this WebApplication app)
    {
        const string path = "/members/{team}/{user}/preferences";
        app.MapGet(path, (PreferencesEndpoint members, string team, string user, CancellationToken token) =>
            members.GetAsync(team, user, token)).RequireOperatorKey();
        app.MapPut(path, (PreferencesEndpoint members, string team, string user, PreferencesBody body, CancellationToken token) =>
            members.PutAsync(team, user, body, token)).RequireOperatorKey();
        MembersEndpoint.Map(app);
    }
}
