using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace StudyTracker.Hosting;

/// <summary>
/// The machine's clock; only in Development ahead of it by <c>Clock:AheadMs</c>, so that a test can have two replicas disagree
/// about the time.
/// </summary>
internal sealed class ServiceClock(TimeSpan ahead) : TimeProvider
{
    /// <summary>The clock that configuration asks for.</summary>
    public static TimeProvider Of(IConfiguration configuration, IHostEnvironment environment) =>
        environment.IsDevelopment() && configuration.GetValue("Clock:AheadMs", 0) is var ms and not 0 ? new ServiceClock(TimeSpan.FromMilliseconds(ms)) : System;

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;
}
