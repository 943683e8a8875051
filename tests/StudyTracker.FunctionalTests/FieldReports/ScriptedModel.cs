using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace StudyTracker.FunctionalTests.FieldReports;

/// <summary>A question to the model.</summary>
/// <param name="Texts">The texts of the messages in it.</param>
/// <param name="Raw">The whole user message.</param>
internal sealed record ModelQuestion(IReadOnlyList<string> Texts, string Raw)
{
    private static readonly JsonSerializerOptions _asWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A good answer: a sentence for each message, which quotes it word for word.</summary>
    public string Quoted(Func<int, object>? sources = null) => JsonSerializer.Serialize(
        new
        {
            sentences = Texts.Take(6).Select((text, index) => new { text, sources = sources?.Invoke(index + 1) ?? new[] { $"m{index + 1}" } }),
            feedback = "Well done.",
            nextSteps = new[] { "Go on." },
        },
        _asWritten);
}

/// <summary>A server that speaks /chat/completions, byte for byte as a test says.</summary>
internal sealed class ScriptedModel : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ModelQuestion> _questions = [];
    private readonly ConcurrentDictionary<string, Func<ModelQuestion, string>> _scripts = [];

    private ScriptedModel(WebApplication app) => _app = app;

    public Uri Endpoint { get; private set; } = null!;

    public static async Task<ScriptedModel> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var model = new ScriptedModel(builder.Build());
        model._app.MapPost("/v1/chat/completions", model.AnswerAsync);
        await model._app.StartAsync();
        model.Endpoint = new Uri($"{model._app.Urls.First()}/v1");
        return model;
    }

    /// <summary>What is answered, as a whole body with status 200, to questions that contain a word.</summary>
    public void Answers(string word, Func<ModelQuestion, string> body) => _scripts[word] = body;

    /// <summary>The questions that contained a word.</summary>
    public IReadOnlyList<ModelQuestion> Questions(string word) => [.. _questions.Where(question => question.Raw.Contains(word, StringComparison.Ordinal))];

    /// <summary>A whole answer with a content.</summary>
    /// <param name="content">The content as JSON.</param>
    /// <param name="finishReason">The finish_reason as JSON.</param>
    public static string Completion(string content, string finishReason = "\"stop\"") => string.Create(
        CultureInfo.InvariantCulture,
        $$$"""
        {"id":"c1","object":"chat.completion","created":{{{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}}},"model":"scripted","choices":[{"index":0,"message":{"role":"assistant","content":{{{content}}},"refusal":null},"finish_reason":{{{finishReason}}}}],"usage":{"prompt_tokens":900,"completion_tokens":100,"total_tokens":1000}}
        """);

    /// <summary>A text as JSON.</summary>
    public static string Json(string text) => JsonSerializer.Serialize(text);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        using var request = JsonDocument.Parse(await reader.ReadToEndAsync());
        var raw = request.RootElement.GetProperty("messages").EnumerateArray().Last().GetProperty("content").GetString()!;
        using var asked = JsonDocument.Parse(raw);
        var question = new ModelQuestion(
            [.. asked.RootElement.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("text").GetString()!)], raw);
        _questions.Enqueue(question);
        var script = _scripts.FirstOrDefault(pair => raw.Contains(pair.Key, StringComparison.Ordinal)).Value;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(script?.Invoke(question) ?? Completion(Json(question.Quoted())));
    }
}
