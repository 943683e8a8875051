using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Xml.Linq;
using StudyTracker.AppHost.Local;

[assembly: AssemblyFixture(typeof(StudyTracker.ClientTests.Servers))]

// One at a time: each sets what goes wrong at a Sandbox that all of them use.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace StudyTracker.ClientTests;

/// <summary>
/// Ingress with its Sandbox, and another Sandbox whose events go to a port where a test may listen; no database and no cache,
/// because nobody here stores anything.
/// </summary>
public sealed class Servers : IAsyncLifetime
{
    // The local host starts its own unless it is given some.
    private const string Nowhere = "Host=127.0.0.1;Port=1";
    private readonly Dictionary<string, string> _environment = [];
    private LocalHost? _product;
    private LocalHost? _events;

    public async ValueTask InitializeAsync()
    {
        await NodeProgram.InstallAsync();
        _product = await StartAsync("clients", [ServiceNames.Ingress, ServiceNames.Sandbox], new Dictionary<string, string>(), kafka: null);
        var port = FreePort().ToString(CultureInfo.InvariantCulture);
        _events = await StartAsync(
            "clients-events",
            [ServiceNames.Sandbox],
            new Dictionary<string, string> { ["Sandbox__IngressUrl"] = $"http://127.0.0.1:{port}", ["Sandbox__SigningSecret"] = _product.SigningSecret },
            _product.KafkaServers);
        _environment["SANDBOX_URL"] = Base(_product);
        _environment["INGRESS_URL"] = _product.Services[ServiceNames.Ingress].Url.ToString().TrimEnd('/');
        _environment["SIGNING_SECRET"] = _product.SigningSecret;
        _environment["EVENTS_SANDBOX_URL"] = Base(_events);
        _environment["EVENTS_PORT"] = port;
    }

    /// <summary>Runs a file of tests; all of it has to pass, and it has to hold as many tests as it did.</summary>
    public async Task RunAsync(string file, int atLeast)
    {
        var (code, output, report) = await NodeProgram.TestAsync(file, _environment);

        code.ShouldBe(0, output);
        var cases = XDocument.Parse(report).Descendants("testcase").ToList();
        cases.Count.ShouldBeGreaterThanOrEqualTo(atLeast, output);
        cases.ShouldAllBe(one => !one.Elements("failure").Any() && !one.Elements("skipped").Any(), output);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in new[] { _events, _product })
        {
            if (host is null) continue;
            await host.DisposeAsync();
            Directory.Delete(host.Folder.FullPath, recursive: true);
        }
    }

    private static Task<LocalHost> StartAsync(string name, string[] services, Dictionary<string, string> sandbox, string? kafka)
    {
        var environment = new Dictionary<string, string>(ServiceEnvironment.WithoutSettings(LocalHostSetup.OwnEnvironment()))
        {
            ["ConnectionStrings__studydb"] = Nowhere,
            ["ConnectionStrings__redis"] = "127.0.0.1:1",
        };
        if (kafka is not null) environment["ConnectionStrings__kafka"] = kafka;
        return LocalHost.StartAsync(
            new LocalHostSetup
            {
                Instance = $"{name}-{Environment.ProcessId}",
                Fresh = true,
                Options = new LocalHostOptions { FirstPort = 18_080 },
                Services = services,
                Environment = environment,
                ServiceSettings = new Dictionary<string, IReadOnlyDictionary<string, string>>
                {
                    [ServiceNames.Sandbox] = new Dictionary<string, string>(sandbox)
                    {
                        ["Sandbox__ModelLatency"] = "00:00:00",
                        ["Sandbox__ModelJitter"] = "00:00:00",
                        // Reading in pages and trying again are more calls than Slack's tiers allow in a minute.
                        ["Sandbox__MethodLimitFactor"] = "10",
                    },
                },
            },
            cancel: TestContext.Current.CancellationToken);
    }

    private static string Base(LocalHost host) => host.Services[ServiceNames.Sandbox].Url.ToString().TrimEnd('/');

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
