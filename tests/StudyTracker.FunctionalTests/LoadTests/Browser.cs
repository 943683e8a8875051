using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace StudyTracker.FunctionalTests.LoadTests;

/// <summary>What a browser made of a page.</summary>
/// <param name="Canvases">Charts on it.</param>
/// <param name="EmptyCanvases">Of these, how many have not one pixel drawn.</param>
/// <param name="Errors">What was logged as an error, or thrown.</param>
/// <param name="Text">The page as it stands when all its scripts have run.</param>
internal sealed record DrawnPage(int Canvases, int EmptyCanvases, IReadOnlyList<string> Errors, string Text);

/// <summary>Chromium without a window. A script beside the page looks at its charts, and the browser prints what came of both.</summary>
internal static partial class Browser
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60);

    // Before the page's own scripts, so that no error escapes it.
    private const string Listener = """
        <script>window.found = []; addEventListener("error", e => found.push(String(e.message))); console.error = (...texts) => found.push(texts.join(" "));</script>
        """;

    private const string Probe = """
        <script>
        const drawn = canvas => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some(value => value !== 0);
        setTimeout(() => {
          const canvases = [...document.querySelectorAll("canvas")];
          const element = document.createElement("div");
          element.id = "probe";
          element.textContent = `canvases=${canvases.length} empty=${canvases.filter(canvas => !drawn(canvas)).length} errors=${JSON.stringify(found)}`;
          document.body.append(element);
        }, 1000);
        </script>
        """;

    /// <summary>Opens a file.</summary>
    public static async Task<DrawnPage> OpenAsync(string file)
    {
        var page = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        var probed = Path.ChangeExtension(file, ".probed.html");
        page.ShouldContain("<head>");
        await File.WriteAllTextAsync(
            probed,
            page.Replace("<head>", $"<head>{Listener}", StringComparison.Ordinal).Replace("</body>", $"{Probe}</body>", StringComparison.Ordinal),
            TestContext.Current.CancellationToken);
        var dom = await DumpAsync(probed);
        var probe = ProbeLine().Match(dom);
        probe.Success.ShouldBeTrue($"The page's scripts did not come to their end. Chromium printed: {dom[..Math.Min(2_000, dom.Length)]}");
        var errors = System.Net.WebUtility.HtmlDecode(probe.Groups[3].Value);
        return new(
            int.Parse(probe.Groups[1].Value, CultureInfo.InvariantCulture),
            int.Parse(probe.Groups[2].Value, CultureInfo.InvariantCulture),
            errors == "[]" ? [] : [errors],
            dom);
    }

    private static async Task<string> DumpAsync(string file)
    {
        var profile = Directory.CreateTempSubdirectory("studytracker-browser-");
        try
        {
            var start = new ProcessStartInfo(Program())
            {
                ArgumentList =
                {
                    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                    "--disable-sync", "--disable-dev-shm-usage", $"--user-data-dir={profile.FullName}", "--window-size=1300,1000", "--virtual-time-budget=5000", "--dump-dom", new Uri(file).AbsoluteUri,
                },
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var chromium = Process.Start(start)!;
            var (output, errors) = (chromium.StandardOutput.ReadToEndAsync(), chromium.StandardError.ReadToEndAsync());
            try
            {
                await chromium.WaitForExitAsync().WaitAsync(_limit, TestContext.Current.CancellationToken);
            }
            catch (TimeoutException)
            {
                chromium.Kill(entireProcessTree: true);
                throw new TimeoutException($"Chromium did not end within {_limit.TotalSeconds:0} s: {await errors}");
            }

            return await output;
        }
        finally
        {
            profile.Delete(recursive: true);
        }
    }

    /// <summary>Where Chromium is.</summary>
    internal static string Program() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => (string[])[Path.Combine(folder, "chromium"), Path.Combine(folder, "chromium-browser"), Path.Combine(folder, "google-chrome")])
            .FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("The tests of the report and of the page need a browser: install it with apt-get install chromium.");

    [GeneratedRegex("canvases=([0-9]+) empty=([0-9]+) errors=(.*?)</div>", RegexOptions.Singleline)]
    private static partial Regex ProbeLine();
}
