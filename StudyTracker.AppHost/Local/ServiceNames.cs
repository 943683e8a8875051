namespace StudyTracker.AppHost.Local;

/// <summary>The services, as they are called in logs, tables and settings.</summary>
public static class ServiceNames
{
    /// <summary>StudyTracker.Sandbox.</summary>
    public const string Sandbox = "sandbox";

    /// <summary>StudyTracker.Ingress.</summary>
    public const string Ingress = "ingress";

    /// <summary>StudyTracker.Summarizer.</summary>
    public const string Summarizer = "summarizer";

    /// <summary>StudyTracker.Notifier.</summary>
    public const string Notifier = "notifier";

    /// <summary>All of them, in the order data flows, which is the order in which they are stopped.</summary>
    public static IReadOnlyList<string> All { get; } = [Sandbox, Ingress, Summarizer, Notifier];

    /// <summary>The project of a service.</summary>
    public static string Project(string service) => $"StudyTracker.{char.ToUpperInvariant(service[0])}{service[1..]}";
}
