namespace StudyTracker.LoadTests.Benchmarks.Ingress;

/// <summary>One server under one number of connections, once.</summary>
/// <param name="Server">Which, one of the names in <see cref="Servers"/>.</param>
/// <param name="Connections">Keep-alive connections.</param>
/// <param name="Wrk">What the generator saw.</param>
/// <param name="CpuSecondsPer1000">CPU time of the server's process, user and system, in seconds per 1,000 requests.</param>
/// <param name="RssMb">The process's resident memory right after the load, in MB.</param>
/// <param name="AllocatedBytesPerRequest">Managed memory allocated per request, in bytes; NaN for the bare servers.</param>
/// <param name="Missing">Acked events that the topic does not have; 0 for the bare servers.</param>
internal sealed record Measurement(
    string Server, int Connections, WrkResult Wrk, double CpuSecondsPer1000, double RssMb, double AllocatedBytesPerRequest, long Missing);

/// <summary>The medians at one number of connections, as they are written to the result file.</summary>
/// <param name="Connections">Keep-alive connections.</param>
/// <param name="BaselineRps">Requests per second of a bare Kestrel.</param>
/// <param name="HmacRps">The same with the signature checked.</param>
/// <param name="IngressRps">Ingress, with Kafka's ack.</param>
/// <param name="Ratio">Ingress to the server that only checks signatures: the median of the rounds' ratios.</param>
/// <param name="P50Ms">Ingress's median latency, in milliseconds.</param>
/// <param name="P99Ms">Its 99th percentile, in milliseconds.</param>
/// <param name="Over3s">Ingress's requests over 3 s, in all rounds.</param>
/// <param name="Errors">Ingress's errors, in all rounds.</param>
/// <param name="CpuSecondsPer1000">CPU seconds of Ingress per 1,000 requests.</param>
/// <param name="RssMb">Resident memory of Ingress, in MB.</param>
/// <param name="AllocatedBytesPerRequest">Managed memory that Ingress allocates per request, in bytes.</param>
internal sealed record Level(
    int Connections,
    double BaselineRps,
    double HmacRps,
    double IngressRps,
    double Ratio,
    double P50Ms,
    double P99Ms,
    long Over3s,
    long Errors,
    double CpuSecondsPer1000,
    double RssMb,
    double AllocatedBytesPerRequest)
{
    /// <summary>Takes the medians.</summary>
    public static Level Of(int connections, IEnumerable<Measurement> measurements)
    {
        var here = measurements.Where(measurement => measurement.Connections == connections).ToList();
        List<Measurement> Rounds(string server) => [.. here.Where(measurement => measurement.Server == server)];
        var (bare, hmac, ingress) = (Rounds(Servers.Bare), Rounds(Servers.Hmac), Rounds(Servers.Ingress));
        double Middle(Func<Measurement, double> figure, List<Measurement>? rows = null) => Median.Of((rows ?? ingress).Select(figure));
        return new Level(
            connections,
            Math.Round(Middle(row => row.Wrk.Rps, bare)),
            Math.Round(Middle(row => row.Wrk.Rps, hmac)),
            Math.Round(Middle(row => row.Wrk.Rps)),
            Math.Round(Median.Of(ingress.Zip(hmac, (ours, other) => ours.Wrk.Rps / other.Wrk.Rps)), 3),
            Middle(row => row.Wrk.P50Ms),
            Middle(row => row.Wrk.P99Ms),
            ingress.Sum(row => row.Wrk.Over3s),
            ingress.Sum(row => row.Wrk.Errors),
            Math.Round(Middle(row => row.CpuSecondsPer1000), 5),
            Math.Round(Middle(row => row.RssMb), 1),
            Math.Round(Middle(row => row.AllocatedBytesPerRequest)));
    }
}
