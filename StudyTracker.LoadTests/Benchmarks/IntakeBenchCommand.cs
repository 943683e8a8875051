using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using StudyTracker.AppHost.Local;

namespace StudyTracker.LoadTests.Benchmarks;

/// <summary><c>bench intake</c>: from Kafka into Postgres, beside the bare statement.</summary>
internal static class IntakeBenchCommand
{
    private static readonly Option<long[]> _rows = new("--rows")
    {
        Description = "Rows in the table before the first round, 0 to 100,000,000; may be given several times.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [0, 1_000, 10_000_000],
    };

    private static readonly Option<int> _records = Number("--records", "Messages in a round", 200_000, 1_000, 3_000_000);
    private static readonly Option<int> _rounds = Number("--rounds", "Rounds at each size", 3, 1, 100);
    private static readonly Option<int> _members = Number("--members", "Members who write", 1_000, 1, 1_000_000);
    private static readonly Option<int> _channels = Number("--channels", "Channels they write in", 100, 1, 10_000);
    private static readonly Option<int> _partitions = Number("--partitions", "Partitions of the topic; the local broker keeps 5 MB of each", 64, 1, 256);
    private static readonly Option<int> _ceilingBatch = Number("--ceiling-batch", "Rows of one bare statement", 1_000, 1, 10_000);
    private static readonly Option<int> _repeated = Number("--repeated", "Percentage of the messages that are delivered twice", 1, 0, 50);

    private static readonly Option<string[]> _settings = new("--setting")
    {
        Description = "A setting of the Summarizer, such as Consumers__intake__BatchSize=500; may be given several times.",
        DefaultValueFactory = _ => [],
    };

    /// <summary>Describes it.</summary>
    public static Command Create()
    {
        var command = new Command("intake", "Records a second from Kafka into Postgres, beside the bare statement fed from memory.")
        {
            _rows, _records, _rounds, _members, _channels, _partitions, _ceilingBatch, _repeated, _settings,
        };
        _rows.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<long[]>() is { } rows && rows.Any(one => one is < 0 or > 100_000_000))
                result.AddError("--rows: must be 0 to 100,000,000.");
        });
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed)
    {
        using var signals = new StopSignals();
        var setup = new IntakeBenchSetup(
            parsed.GetValue(_rows)!,
            parsed.GetValue(_records),
            parsed.GetValue(_rounds),
            parsed.GetValue(_ceilingBatch),
            parsed.GetValue(_repeated) / 100.0,
            new IntakeLoad(parsed.GetValue(_members), parsed.GetValue(_channels)));
        try
        {
            AnsiConsole.WriteLine("Starting PostgreSQL, the local Kafka and the Summarizer.");
            await using var host = await LocalHost.StartAsync(Host(parsed), cancel: signals.Token);
            await using var bench = new IntakeBench(host, setup, AnsiConsole.WriteLine);
            var figures = await bench.RunAsync(signals.Token);
            AnsiConsole.Write(Table(figures));
            AnsiConsole.WriteLine($"Written to {await BenchFile.WriteAsync("intake", figures, signals.Token)}");
            return 0;
        }
        catch (BenchException error)
        {
            AnsiConsole.WriteLine(error.Message);
            return 1;
        }
    }

    private static LocalHostSetup Host(ParseResult parsed) => new()
    {
        Instance = "bench-intake",
        Fresh = true,
        Temporary = true,
        Services = [ServiceNames.Summarizer],
        Options = LocalHostOptions.FromEnvironment() with { PartitionCount = parsed.GetValue(_partitions) },
        Settings = new Dictionary<string, string>
        {
            ["Schedule__Enabled"] = "false",
            // Stopped while the topic is filled, the Summarizer must not lose its partitions.
            ["Kafka__SessionTimeoutMs"] = "300000",
        },
        ServiceSettings = new Dictionary<string, IReadOnlyDictionary<string, string>>
        {
            [ServiceNames.Summarizer] = parsed.GetValue(_settings)!.Select(setting => setting.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[^1]),
        },
    };

    private static Table Table(IReadOnlyList<IntakeFigures> figures)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in new[]
        {
            "rows", "bare/s", "intake/s", "ratio", "CPU s/1,000", "PostgreSQL", "broker", "bytes each", "MB",
        })
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (var size in figures)
        {
            table.AddRow(
                Text(size.RowsInTable, "N0"),
                Text(size.CeilingRowsPerSecond, "N0"),
                Text(size.IntakeRowsPerSecond, "N0"),
                Text(size.Ratio, "0.00"),
                Text(size.CpuSecondsPer1000, "0.000"),
                Text(size.PostgresCpuSecondsPer1000, "0.000"),
                Text(size.BrokerCpuSecondsPer1000, "0.000"),
                Text(size.AllocatedBytesPerRecord, "N0"),
                Text(size.ResidentMb, "N0"));
        }

        return table;

        static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
    }

    private static Option<int> Number(string name, string description, int byDefault, int from, int to)
    {
        var option = new Option<int>(name)
        {
            Description = $"{description}, {from:N0} to {to:N0}.",
            DefaultValueFactory = _ => byDefault,
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < from || result.GetValueOrDefault<int>() > to) result.AddError($"{name}: must be {from:N0} to {to:N0}.");
        });
        return option;
    }
}
