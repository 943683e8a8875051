namespace StudyTracker.LoadTests.Benchmarks;

/// <summary>One round.</summary>
internal sealed record IntakeRound(
    double CeilingRowsPerSecond,
    double IntakeRowsPerSecond,
    double CpuSecondsPer1000,
    double AllocatedBytesPerRecord,
    double PostgresCpuSecondsPer1000,
    double BrokerCpuSecondsPer1000,
    double ResidentMb,
    double IdleSeconds);

/// <summary>What a table of one size gave: medians of the rounds.</summary>
/// <param name="RowsInTable">Rows before the first round.</param>
/// <param name="CeilingRowsPerSecond">The bare statement, fed from memory.</param>
/// <param name="IntakeRowsPerSecond">From a filled topic into the table.</param>
/// <param name="Ratio">The second over the first; the median of the rounds' own ratios.</param>
/// <param name="CpuSecondsPer1000">Processor seconds of the Summarizer for 1,000 records.</param>
/// <param name="PostgresCpuSecondsPer1000">Processor seconds of PostgreSQL for 1,000 records.</param>
/// <param name="BrokerCpuSecondsPer1000">Processor seconds of the local broker, with the benchmark around it, for 1,000 records.</param>
/// <param name="AllocatedBytesPerRecord">Managed memory that the Summarizer allocated for a record, in bytes.</param>
/// <param name="ResidentMb">Memory that the Summarizer held at the end of a round, in MB.</param>
/// <param name="RecordsPerRound">Records in the topic at the start of a round, redeliveries included.</param>
/// <param name="DistinctPerRound">Messages among them, each of which was found in the table exactly once.</param>
/// <param name="RecordBytes">Mean size of a record's value.</param>
/// <param name="Rounds">How many rounds there were.</param>
internal sealed record IntakeFigures(
    long RowsInTable,
    double CeilingRowsPerSecond,
    double IntakeRowsPerSecond,
    double Ratio,
    double CpuSecondsPer1000,
    double PostgresCpuSecondsPer1000,
    double BrokerCpuSecondsPer1000,
    double AllocatedBytesPerRecord,
    double ResidentMb,
    int RecordsPerRound,
    int DistinctPerRound,
    double RecordBytes,
    int Rounds)
{
    /// <summary>The medians of a table's rounds.</summary>
    public static IntakeFigures Of(long rowsInTable, IReadOnlyList<IntakeRound> rounds, int records, int distinct, double recordBytes) => new(
        rowsInTable,
        Math.Round(Median.Of(rounds.Select(round => round.CeilingRowsPerSecond))),
        Math.Round(Median.Of(rounds.Select(round => round.IntakeRowsPerSecond))),
        Math.Round(Median.Of(rounds.Select(round => round.IntakeRowsPerSecond / round.CeilingRowsPerSecond)), 3),
        Math.Round(Median.Of(rounds.Select(round => round.CpuSecondsPer1000)), 4),
        Math.Round(Median.Of(rounds.Select(round => round.PostgresCpuSecondsPer1000)), 4),
        Math.Round(Median.Of(rounds.Select(round => round.BrokerCpuSecondsPer1000)), 4),
        Math.Round(Median.Of(rounds.Select(round => round.AllocatedBytesPerRecord))),
        Math.Round(Median.Of(rounds.Select(round => round.ResidentMb))),
        records,
        distinct,
        Math.Round(recordBytes),
        rounds.Count);
}
