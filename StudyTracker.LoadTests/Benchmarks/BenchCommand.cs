using System.CommandLine;
using StudyTracker.LoadTests.Benchmarks.Delivery;
using StudyTracker.LoadTests.Benchmarks.Ingress;
using StudyTracker.LoadTests.Benchmarks.Planner;
using StudyTracker.LoadTests.Benchmarks.Writer;

namespace StudyTracker.LoadTests.Benchmarks;

/// <summary><c>bench</c>: measures one stage against the bare machine, both in the same run.</summary>
internal static class BenchCommand
{
    /// <summary>Describes it.</summary>
    public static Command Create() => new("bench", "Measure a stage against what the bare machine can do.")
    {
        IngressBenchmark.Create(),
        WriterCommand.Create(),
        IntakeBenchCommand.Create(),
        PlannerCommand.Create(),
        DeliveryBenchmark.Create(),
    };
}
