using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using StudyTracker.FunctionalTests.LoadTests;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Page;

/// <summary>
/// A page in Chromium without a window, steered over the browser's DevTools protocol: keys arrive there as those of a keyboard do.
/// </summary>
internal sealed class LivePage : IAsyncDisposable
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo _profile = Directory.CreateTempSubdirectory("studytracker-page-");
    private readonly ClientWebSocket _socket = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode?>> _asked = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly CancellationTokenSource _closing = new();
    private Process? _chromium;
    private Task _reading = Task.CompletedTask;
    private int _last;

    /// <summary>What was logged as an error, or thrown.</summary>
    public IReadOnlyList<string> Errors => [.. _errors];

    /// <summary>Opens an address.</summary>
    public static async Task<LivePage> OpenAsync(Uri url)
    {
        var page = new LivePage();
        try
        {
            await page.StartAsync();
            foreach (var domain in new[] { "Runtime", "Log", "Page" }) await page.AskAsync($"{domain}.enable");
            await page.AskAsync("Page.navigate", new JsonObject { ["url"] = url.AbsoluteUri });
            return page;
        }
        catch
        {
            await page.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until an expression of JavaScript is true.</summary>
    public Task HoldsAsync(string expression) => Eventually.HoldsAsync(
        async () => (await EvaluateAsync(expression))?.ToJsonString().ShouldBe("true", $"{expression}; errors: {string.Join(' ', _errors)}"), _limit);

    /// <summary>What an expression of JavaScript comes to.</summary>
    public async Task<JsonNode?> EvaluateAsync(string expression)
    {
        var answer = await AskAsync("Runtime.evaluate", new JsonObject { ["expression"] = expression, ["returnByValue"] = true, ["awaitPromise"] = true });
        return answer?["result"]?["value"];
    }

    /// <summary>What has the keyboard focus: its id, or which part of a message it is.</summary>
    public async Task<string> FocusAsync() => $"{await EvaluateAsync("document.activeElement.id || document.activeElement.dataset.part || document.activeElement.tagName")}";

    /// <summary>Moves the keyboard focus.</summary>
    public async Task FocusAsync(string selector)
    {
        await HoldsAsync($"!!document.querySelector('{selector}')");
        await EvaluateAsync($"document.querySelector('{selector}').focus()");
    }

    /// <summary>Types a text where the focus is.</summary>
    public Task TypeAsync(string text) => AskAsync("Input.insertText", new JsonObject { ["text"] = text });

    public Task EnterAsync() => PressAsync("Enter", 13, "\r");

    public Task EscapeAsync() => PressAsync("Escape", 27, null);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _reading;
        _socket.Dispose();
        if (_chromium is not null)
        {
            _chromium.Kill(entireProcessTree: true);
            await _chromium.WaitForExitAsync();
            _chromium.Dispose();
        }

        _closing.Dispose();
        _profile.Delete(recursive: true);
    }

    private async Task StartAsync()
    {
        _chromium = Process.Start(new ProcessStartInfo(Browser.Program())
        {
            ArgumentList =
            {
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                "--disable-sync", "--disable-dev-shm-usage", "--remote-debugging-port=0", $"--user-data-dir={_profile.FullName}", "--window-size=1300,900", "about:blank",
            },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _ = _chromium.StandardOutput.ReadToEndAsync(_closing.Token);
        _ = _chromium.StandardError.ReadToEndAsync(_closing.Token);
        using var http = new HttpClient();
        var address = await Eventually.GetsAsync(
            async () =>
            {
                var lines = await File.ReadAllLinesAsync(Path.Combine(_profile.FullName, "DevToolsActivePort"));
                var targets = await http.GetFromJsonAsync<JsonElement>($"http://127.0.0.1:{lines[0]}/json/list");
                return targets.EnumerateArray().First(target => target.GetProperty("type").ValueEquals("page")).GetProperty("webSocketDebuggerUrl").GetString();
            },
            found => found is not null,
            _limit);
        await _socket.ConnectAsync(new Uri(address!), TestContext.Current.CancellationToken);
        _reading = ReadAsync();
    }

    private async Task PressAsync(string key, int code, string? text)
    {
        foreach (var type in new[] { "keyDown", "keyUp" })
        {
            var pressed = new JsonObject { ["type"] = type, ["key"] = key, ["code"] = key, ["windowsVirtualKeyCode"] = code };
            if (type == "keyDown" && text is not null) pressed["text"] = text;
            await AskAsync("Input.dispatchKeyEvent", pressed);
        }
    }

    private async Task<JsonNode?> AskAsync(string method, JsonObject? parameters = null)
    {
        var id = Interlocked.Increment(ref _last);
        var answer = _asked[id] = new TaskCompletionSource<JsonNode?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var request = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters ?? [] };
        await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(request), WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);
        return await answer.Task.WaitAsync(_limit, TestContext.Current.CancellationToken);
    }

    private async Task ReadAsync()
    {
        var chunk = new byte[1 << 16];
        using var message = new MemoryStream();
        try
        {
            while (true)
            {
                var part = await _socket.ReceiveAsync(chunk, _closing.Token);
                message.Write(chunk, 0, part.Count);
                if (!part.EndOfMessage) continue;
                Take(JsonNode.Parse(message.ToArray())!);
                message.SetLength(0);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or WebSocketException or JsonException)
        {
            // The page is closed, or its browser is gone: whoever still asks runs into the time limit.
        }
    }

    private void Take(JsonNode message)
    {
        if (message["id"] is { } id)
        {
            if (_asked.TryRemove((int)id, out var answer)) answer.TrySetResult(message["result"]);
            return;
        }

        var parameters = message["params"];
        var error = (string?)message["method"] switch
        {
            "Runtime.exceptionThrown" => $"{parameters?["exceptionDetails"]?["exception"]?["description"]}",
            "Runtime.consoleAPICalled" when (string?)parameters?["type"] == "error" => parameters["args"]?.ToJsonString(),
            "Log.entryAdded" when (string?)parameters?["entry"]?["level"] == "error" => $"{parameters["entry"]?["text"]} {parameters["entry"]?["url"]}",
            _ => null,
        };
        if (error is not null) _errors.Enqueue(error);
    }
}
