using System.Globalization;

namespace StudyTracker.AppHost.Local;

/// <summary>The settings that each service gets, as environment variables.</summary>
internal static class ServiceEnvironment
{
    private static readonly string[] _sections =
    [
        "ASPNETCORE_", "ConnectionStrings__", "Consumers__", "FailPoints__", "Ingress__", "Intake__", "Kafka__", "LocalHost__", "Logging__", "Management__",
        "Members__", "Notifier__", "OpenAI__", "Operations__", "PromptCache__", "Replay__", "Retention__", "Runs__", "Sandbox__", "Schedule__",
        "Slack__", "Summarizer__", "Telemetry__",
    ];

    /// <summary>An environment without anything that configures StudyTracker.</summary>
    public static IReadOnlyDictionary<string, string> WithoutSettings(IReadOnlyDictionary<string, string> environment) =>
        environment
            .Where(entry => !_sections.Any(section => entry.Key.StartsWith(section, StringComparison.OrdinalIgnoreCase)))
            .ToDictionary();

    /// <summary>
    /// The whole environment of a service: what it inherits, what the local host computes, what the setup adds for all
    /// services, what it adds for this one; the later wins.
    /// </summary>
    public static IReadOnlyDictionary<string, string> For(string service, LocalHostSetup setup, ServiceLinks links)
    {
        var result = new Dictionary<string, string>(setup.Environment);
        Merge(result, Common(service, links));
        if (service == ServiceNames.Ingress && setup.IngressAddress is { } address)
            result["ASPNETCORE_URLS"] += $";http://{address}:{links.Ports[service]}";
        Merge(result, service switch
        {
            ServiceNames.Ingress => Ingress(links),
            ServiceNames.Summarizer => Summarizer(links),
            ServiceNames.Notifier => Notifier(links),
            ServiceNames.Sandbox => Sandbox(links),
            _ => throw new ArgumentOutOfRangeException(nameof(service), service, "No such service."),
        });
        Merge(result, setup.Settings);
        Merge(result, setup.ServiceSettings.GetValueOrDefault(service) ?? new Dictionary<string, string>());
        return result;
    }

    private static Dictionary<string, string> Common(string service, ServiceLinks links)
    {
        var (url, managementUrl) = (links.Url(service), links.ManagementUrl(service));
        var settings = new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = url == managementUrl ? url : $"{url};{managementUrl}",
            ["Management__Port"] = new Uri(managementUrl).Port.ToString(CultureInfo.InvariantCulture),
            ["DOTNET_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Operations__ApiKey"] = links.OperatorKey,
            ["FailPoints__Directory"] = links.FailPoints,
            ["ConnectionStrings__kafka"] = links.Kafka,
            // One record a line, so that every line can carry its service's name.
            ["Logging__Console__FormatterName"] = "simple",
            ["Logging__Console__FormatterOptions__SingleLine"] = "true",
        };
        if (links.KafkaIsLocal)
        {
            settings["Kafka__EnableIdempotence"] = "false";
            settings["Kafka__FetchWaitMaxMs"] = "20";
            settings["Kafka__SessionTimeoutMs"] = "6000";
            settings["Kafka__PartitionCount"] = links.PartitionCount.ToString(CultureInfo.InvariantCulture);
        }

        return settings;
    }

    private static Dictionary<string, string> Ingress(ServiceLinks links) =>
        links.SlackIsReal ? [] : new()
        {
            ["Slack__SigningSecret"] = links.SigningSecret,
            ["Slack__ResponseUrl"] = ResponseUrl(links),
        };

    private static Dictionary<string, string> Summarizer(ServiceLinks links)
    {
        var settings = Storage(links);
        settings["Runs__NotifierUrl"] = links.ManagementUrl(ServiceNames.Notifier);
        if (!links.SlackIsReal)
        {
            AddSlack(settings, links);
            settings["Slack__ResponseUrl"] = ResponseUrl(links);
        }

        if (!links.OpenAIIsReal)
        {
            settings["OpenAI__Endpoint"] = $"{links.Url(ServiceNames.Sandbox)}/v1";
            settings["OpenAI__ApiKey"] = "sandbox";
            settings["OpenAI__Model"] = "sandbox-extractive";
        }

        return settings;
    }

    private static Dictionary<string, string> Notifier(ServiceLinks links)
    {
        var settings = Storage(links);
        if (links.SlackIsReal) return settings;
        AddSlack(settings, links);
        settings["Slack__ArchiveUrl"] = $"{links.Url(ServiceNames.Sandbox)}/archives/";
        return settings;
    }

    /// <summary>Where the Sandbox takes answers to commands and buttons.</summary>
    private static string ResponseUrl(ServiceLinks links) => $"{links.Url(ServiceNames.Sandbox)}/responses/";

    private static void AddSlack(Dictionary<string, string> settings, ServiceLinks links)
    {
        settings["Slack__ApiUrl"] = $"{links.Url(ServiceNames.Sandbox)}/api/";
        settings["Slack__BotTokenTemplate"] = "xoxb-sandbox-{team}";
    }

    private static Dictionary<string, string> Sandbox(ServiceLinks links) => new()
    {
        ["Sandbox__PublicUrl"] = links.Url(ServiceNames.Sandbox),
        ["Sandbox__IngressUrl"] = links.Url(ServiceNames.Ingress),
        ["Sandbox__SummarizerUrl"] = links.ManagementUrl(ServiceNames.Summarizer),
        ["Sandbox__NotifierUrl"] = links.ManagementUrl(ServiceNames.Notifier),
        ["Sandbox__SigningSecret"] = links.SigningSecret,
        ["Sandbox__OperatorKey"] = links.OperatorKey,
        ["Sandbox__JournalPath"] = links.SandboxJournal,
        // Slack waits about 0 s, 1 min and 5 min before its retries; here nobody wants to wait that long.
        ["Sandbox__RetryDelays__0"] = "00:00:01",
        ["Sandbox__RetryDelays__1"] = "00:00:05",
        ["Sandbox__RetryDelays__2"] = "00:00:15",
    };

    private static Dictionary<string, string> Storage(ServiceLinks links) => new()
    {
        ["ConnectionStrings__studydb"] = links.StudyDb,
        ["ConnectionStrings__redis"] = links.Redis,
    };

    private static void Merge(Dictionary<string, string> into, IReadOnlyDictionary<string, string> settings)
    {
        foreach (var (name, value) in settings)
        {
            into[name] = value;
        }
    }
}
