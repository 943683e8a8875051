using System.CommandLine;
using System.Globalization;
using StudyTracker.AppHost.Local;

namespace StudyTracker.LoadTests.Benchmarks.Delivery;

/// <summary>
/// <c>bench delivery</c>: how near delivery comes to what Slack's limits allow, without faults and with them, and that every
/// summary arrives exactly once.
/// </summary>
internal static class DeliveryBenchmark
{
    private const string Clean = "clean";
    private const string Faulty = "faulty";

    /// <summary>Describes it.</summary>
    public static Command Create()
    {
        var deliveries = new Option<int>("--deliveries") { Description = "Summaries to deliver.", DefaultValueFactory = _ => 5_000 };
        var channels = new Option<int>("--channels") { Description = "Readers they go to, in two workspaces.", DefaultValueFactory = _ => 1_000 };
        var factor = new Option<int>("--factor")
        {
            Description = "How many times Slack's limits a minute the Sandbox has; 1 is Slack, and takes four times as long as 4.",
            DefaultValueFactory = _ => 4,
        };
        var kills = new Option<int>("--kills") { Description = "How often the Notifier is killed in the faulty round.", DefaultValueFactory = _ => 10 };
        var round = new Option<string>("--round") { Description = $"{Clean}, {Faulty} or both.", DefaultValueFactory = _ => "both" };
        round.AcceptOnlyFromAmong(Clean, Faulty, "both");
        var command = new Command("delivery", "Time and calls that deliveries take under Slack's limits, without faults and with them.")
        {
            deliveries, channels, factor, kills, round,
        };
        command.SetAction(async (parsed, _) =>
        {
            using var signals = new StopSignals();
            var (count, readers, times) = (parsed.GetValue(deliveries), parsed.GetValue(channels), parsed.GetValue(factor));
            if (count is < 2 or > 100_000 || readers is < 2 or > 20_000 || times is < 1 or > 20 || parsed.GetValue(kills) is < 0 or > 100)
                throw new LocalHostException("--deliveries are 2 to 100,000, --channels 2 to 20,000, --factor 1 to 20, --kills 0 to 100.");
            List<DeliveryRound> rounds =
            [
                new DeliveryRound(Clean, count, readers, times),
                new DeliveryRound(Faulty, count, readers, times, RateLimited: 0.2, ServerError: 0.05, ResetAfterAccept: 0.02, parsed.GetValue(kills)),
            ];
            return await RunAsync([.. rounds.Where(one => parsed.GetValue(round) is "both" || one.Name == parsed.GetValue(round))], signals.Token);
        });
        return command;
    }

    private static async Task<int> RunAsync(IReadOnlyList<DeliveryRound> rounds, CancellationToken cancel)
    {
        List<DeliveryFigures> figures = [];
        foreach (var round in rounds)
        {
            Console.WriteLine(
                $"{round.Name}: {round.Deliveries} summaries to {round.Channels} channels of {DeliveryRound.Workspaces} workspaces at {round.Factor} times Slack's limits ...");
            await using var run = await DeliveryRun.StartAsync(round, cancel);
            figures.Add(await run.MeasureAsync(cancel));
            Print(figures[^1]);
        }

        foreach (var one in figures)
        {
            var path = await BenchFile.WriteAsync($"delivery-{one.Round.Name}", one, cancel);
            Console.WriteLine($"Written to {path}.");
        }

        var faults = figures.SelectMany(one => one.Faults().Select(fault => $"{one.Round.Name}: {fault}.")).ToList();
        foreach (var fault in faults) Console.WriteLine(fault);
        if (faults.Count == 0) Console.WriteLine("Every summary is in Slack exactly once, within the bounds of time and calls.");
        return faults.Count == 0 ? 0 : 1;
    }

    private static void Print(DeliveryFigures figures)
    {
        Say($"  time        {figures.Seconds:0.0} s, {figures.TimeRatio:0.000} of the {figures.MinimumSeconds:0} s that the limits leave possible");
        Say($"  posts       {figures.PostsPerDelivery:0.000} a delivery");
        Say($"  calls       {figures.CallsPerDelivery:0.000} a delivery: {string.Join(", ", figures.Calls.Select(call => $"{call.Key} {call.Value}"))}; 429: {figures.RateLimited}");
        Say($"  in Slack    {figures.Round.Deliveries - figures.Missing} of {figures.Round.Deliveries}, {figures.Duplicates} twice; in the ledger {figures.Round.Deliveries - figures.NotSent} as sent");
        if (figures.Round.Kills > 0) Say($"  kills       {figures.Round.Kills}; the Notifier was away for {figures.DownSeconds:0.0} s in all");
        if (figures.Connections > 0) Say($"  connections {figures.Connections:0}: {figures.Round.Deliveries / figures.Connections:0} deliveries over each");
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
