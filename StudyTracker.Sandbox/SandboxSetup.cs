using StudyTracker.Hosting;
using StudyTracker.Sandbox.Commands;
using StudyTracker.Sandbox.Events;
using StudyTracker.Sandbox.Faults;
using StudyTracker.Sandbox.Ledger;
using StudyTracker.Sandbox.Live;
using StudyTracker.Sandbox.OpenAI;
using StudyTracker.Sandbox.Responses;
using StudyTracker.Sandbox.WebApi;
using StudyTracker.Sandbox.Workspaces;

namespace StudyTracker.Sandbox;

/// <summary>Puts the sandbox together.</summary>
internal static class SandboxSetup
{
    public static void AddSandbox(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddValidatedOptions<SandboxOptions>(SandboxOptions.Section);
        services.ConfigureHttpJsonOptions(options => SandboxJson.Apply(options.SerializerOptions));
        services.AddProblemDetails();
        // Bad input is answered with 400 in Development too, not with a page about an exception.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = false);

        services.AddSingleton<WorkspaceDirectory>();
        services.AddSingleton<SlackTimestamp>();
        services.AddSingleton<LiveStream>();
        services.AddSingleton<SandboxLedger>();
        services.AddSingleton<FaultInjector>();

        services.AddSingleton<SlackSigner>();
        services.AddSingleton<IngressClient>();
        services.AddSingleton<EventFactory>();
        services.AddSingleton<EventSender>();
        services.AddHostedService(provider => provider.GetRequiredService<EventSender>());

        services.AddSingleton<ResponseUrls>();
        services.AddSingleton<AnswerBoard>();

        services.AddSingleton<RateLimits>();
        services.AddSingleton<Tokens>();
        services.AddSingleton<Triggers>();
        services.AddSingleton<Channels>();
        services.AddSingleton<OddAnswers>();
        services.AddSingleton<ViewMethods>();
        services.AddSingleton<IApiMethods, AuthMethods>();
        services.AddSingleton<IApiMethods, OauthMethods>();
        services.AddSingleton<IApiMethods, ChatMethods>();
        services.AddSingleton<IApiMethods, ConversationMethods>();
        services.AddSingleton<IApiMethods, HistoryMethods>();
        services.AddSingleton<IApiMethods, UserMethods>();
        services.AddSingleton<IApiMethods, ReactionMethods>();
        services.AddSingleton<IApiMethods>(provider => provider.GetRequiredService<ViewMethods>());
        services.AddSingleton<SlackWebApi>();
        services.AddOpenAI();
    }

    public static void MapSandbox(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseLocalGuard();
        app.UsePage();
        app.MapEvents();
        app.MapTriggers();
        app.MapCommands();
        app.MapInteractions();
        app.MapResponses();
        app.MapSettings();
        app.MapLedger();
        app.MapWorkspaces();
        app.MapLive();
        app.MapSlackWebApi();
        app.MapOpenAI();
    }
}
