using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using StudyTracker.AppHost.Demo;

namespace StudyTracker.AppHost;

/// <summary>Buttons in the Aspire dashboard.</summary>
internal static class DashboardCommands
{
    /// <summary>"Run daily summary now": the trigger that the schedule sends in the evening.</summary>
    public static IResourceBuilder<ProjectResource> WithRunNowCommand(
        this IResourceBuilder<ProjectResource> ingress, IResourceBuilder<ParameterResource> operatorKey) =>
        ingress.WithHttpCommand(
            "/scheduler/trigger",
            "Run daily summary now",
            endpointName: "http",
            commandName: "run-daily",
            commandOptions: new HttpCommandOptions
            {
                Description = "Everybody who has written something new gets a summary, as in the evening.",
                IconName = "CalendarPlay",
                IsHighlighted = true,
                ConfirmationMessage = "Send everybody who has written something new a summary now?",
                Method = HttpMethod.Post,
                PrepareRequest = async context =>
                {
                    var key = await operatorKey.Resource.GetValueAsync(context.CancellationToken);
                    context.Request.Headers.Add("X-Api-Key", key);
                    context.Request.Content = new StringContent(
                        """{"kind":"daily"}""", Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
                },
            });

    /// <summary>"Replay parked summaries" and "Replay dead letters": what <c>./study replay</c> does.</summary>
    public static IResourceBuilder<ProjectResource> WithReplayCommands(
        this IResourceBuilder<ProjectResource> notifier, IResourceBuilder<ParameterResource> operatorKey) =>
        notifier
            .WithReplayCommand("/parked/replay", "Replay parked summaries", "replay-parked", "Every summary that was given up is sent on its way again.", operatorKey)
            .WithReplayCommand(
                "/dead-letters/replay", "Replay dead letters", "replay-dead-letters", "Every record that a stage gave up goes back where it came from.", operatorKey);

    private static IResourceBuilder<ProjectResource> WithReplayCommand(
        this IResourceBuilder<ProjectResource> notifier,
        string path,
        string displayName,
        string name,
        string description,
        IResourceBuilder<ParameterResource> operatorKey) =>
        notifier.WithHttpCommand(
            path,
            displayName,
            endpointName: "http",
            commandName: name,
            commandOptions: new HttpCommandOptions
            {
                Description = description,
                IconName = "ArrowRepeatAll",
                ConfirmationMessage = $"{description} Now?",
                Method = HttpMethod.Post,
                PrepareRequest = async context =>
                    context.Request.Headers.Add("X-Api-Key", await operatorKey.Resource.GetValueAsync(context.CancellationToken)),
            });

    /// <summary>"Play the demo day": six learners write what they studied.</summary>
    public static IResourceBuilder<ProjectResource> WithDemoDayCommand(this IResourceBuilder<ProjectResource> sandbox) =>
        sandbox.WithCommand(
            "demo-day",
            "Play the demo day",
            async context =>
            {
                var url = await sandbox.GetEndpoint("http").GetValueAsync(context.CancellationToken);
                using var client = new SandboxClient(new Uri(url!));
                var time = context.Services.GetService<TimeProvider>() ?? TimeProvider.System;
                var events = DemoScript.Load().Events(time.GetUtcNow());
                foreach (var written in events) await client.SendAsync(written, context.CancellationToken);
                return CommandResults.Success($"{events.Count} messages are on their way. Next: 'Run daily summary now' on ingress.");
            },
            new CommandOptions
            {
                Description = "Six learners in two workspaces write about their day. Playing it twice sends nothing twice.",
                IconName = "PeopleChat",
            });
}
