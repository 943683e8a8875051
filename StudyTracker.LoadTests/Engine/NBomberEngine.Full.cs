using System.Diagnostics;
using NBomber.Contracts;
using NBomber.Contracts.Stats;
using NBomber.CSharp;

namespace StudyTracker.LoadTests.Engine;

/// <summary>
/// NBomber. It decides when requests are sent; sending and noting is the same as with our own engine, so both have the same
/// classes of failure, the same histograms and the same ledger. Its own report is kept beside ours.
/// </summary>
/// <param name="license">Its licence key; empty: personal use.</param>
/// <param name="reportFolder">Where its reports go.</param>
internal sealed class NBomberEngine(string license, string reportFolder) : ILoadEngine
{
    private static readonly TimeSpan _completion = TimeSpan.FromMinutes(1);

    public string Name => "NBomber";

    // It does not tell a scenario when its call was due.
    public bool KnowsIntendedTimes => false;

    public Task RunAsync(Stage stage, Send send, CancellationToken cancel) => Task.Run(() => Run(stage, send, cancel), CancellationToken.None);

    private void Run(Stage stage, Send send, CancellationToken cancel)
    {
        var next = -1;
        var name = new string([.. stage.Name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_')]);
        var scenario = Scenario
            .Create(name, async _ =>
            {
                // Injecting at a rate, it may start a few more than asked for; those send nothing.
                var request = Interlocked.Increment(ref next);
                if (request >= stage.Count || cancel.IsCancellationRequested) return Response.Ok(statusCode: "none");
                var outcome = await send(request, Stopwatch.GetTimestamp());
                return outcome.IsAccepted
                    ? Response.Ok(statusCode: outcome.Class)
                    : Response.Fail(statusCode: outcome.Class, message: $"{outcome.Side}");
            })
            .WithoutWarmUp()
            .WithMaxFailCount(int.MaxValue) // 5,000 by default: a run that fails a lot has to be told to its end
            .WithLoadSimulations(Simulations(stage));
        var context = NBomberRunner.RegisterScenarios(scenario)
            .WithTestSuite("StudyTracker")
            .WithTestName(name)
            .WithReportFolder(Path.Combine(reportFolder, "nbomber", name))
            .WithReportFormats(ReportFormat.Html, ReportFormat.Md)
            .WithScenarioCompletionTimeout(_completion);
        if (license.Length > 0) context = context.WithLicense(license);
        context.Run();
        SendTheRest(stage, send, next, cancel);
    }

    /// <summary>The iterations that mix with nothing else are a run of their own; a schedule becomes a rate.</summary>
    private static LoadSimulation[] Simulations(Stage stage)
    {
        if (stage.Due is not { Length: > 0 } due) return [Simulation.IterationsForConstant(stage.Users, stage.Count)];
        var window = due[^1] + due[^1] / Math.Max(1, due.Length - 1);
        // A rate below one a second is told as one in so many seconds.
        var interval = TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling(window.TotalSeconds / due.Length)));
        var rate = Math.Max(1, (int)Math.Ceiling(due.Length * interval.TotalSeconds / Math.Max(window.TotalSeconds, 0.001)));
        return [Simulation.Inject(rate, interval, TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling(window.TotalSeconds)) + interval.TotalSeconds))];
    }

    /// <summary>Rounding may leave a few over: every request of a stage is sent.</summary>
    private static void SendTheRest(Stage stage, Send send, int last, CancellationToken cancel)
    {
        var rest = Enumerable.Range(last + 1, Math.Max(0, stage.Count - last - 1));
        Task.WhenAll(rest.Select(request => send(request, Stopwatch.GetTimestamp()))).Wait(CancellationToken.None);
        cancel.ThrowIfCancellationRequested();
    }
}
