using System.Text.Json.Nodes;
using StudyTracker.Sandbox.Faults;
using StudyTracker.Sandbox.Ledger;
using StudyTracker.Sandbox.OpenAI.Schemas;

namespace StudyTracker.Sandbox.OpenAI;

/// <summary><c>POST /v1/chat/completions</c>.</summary>
internal sealed class ChatCompletions(ModelGate gate, ModelCatalogue models, SchemaCache schemas, TimeProvider time)
{
    public async Task CompleteAsync(HttpContext context)
    {
        if (!await gate.AdmitAsync(context)) return;
        var (body, error) = await ModelGate.ReadAsync(context);
        ChatRequest? request = null;
        if (body is not null)
        {
            using (body) (request, error) = ChatRequest.Read(body.RootElement, models, schemas);
        }

        error ??= request!.Messages.Tokens > gate.ContextTokens ? ModelErrors.ContextExceeded(gate.ContextTokens, request.Messages.Tokens) : null;
        if (error is not null)
        {
            await gate.RefuseAsync(context, error);
            return;
        }

        var (passed, fault, number) = await gate.PassAsync(context, request!.Model.Name);
        if (!passed) return;
        if (ModelErrors.Of(fault, request) is { } refusal) await gate.RefuseAsync(context, refusal);
        else await AnswerAsync(context, request, fault, number);
    }

    private async Task AnswerAsync(HttpContext context, ChatRequest request, ModelFault fault, long number)
    {
        var answer = WrittenAnswer.To(request.Messages.Question, request.Format, request.Limits);
        if (fault == ModelFault.Truncated) answer = answer.Halved();
        var completion = Completion(request, answer);
        var odd = OddCompletions.Apply(fault, number, completion);
        var usage = completion["usage"];
        gate.Record(odd.IsUseful ? CallOutcome.Ok : CallOutcome.Failed, request.Messages.Tokens, answer.Tokens * request.Choices);
        if (request.Stream && odd.Body is null) await ChatStream.WriteAsync(context, completion, request.IncludeUsage);
        else if (odd.IsStream) await ChatStream.WriteAsync(context, completion, includeUsage: usage is not null);
        else if (odd.IsBrokenOff) await BreakOffAsync(context, completion.ToJsonString(SandboxJson.Options));
        else await ModelGate.WriteAsync(context, odd.Status, odd.ContentType, odd.Body ?? completion.ToJsonString(SandboxJson.Options));
    }

    private JsonObject Completion(ChatRequest request, WrittenAnswer answer)
    {
        var (prompt, completion) = (request.Messages.Tokens, answer.Tokens * request.Choices);
        return new JsonObject
        {
            ["id"] = $"chatcmpl-{Guid.NewGuid():n}",
            ["object"] = "chat.completion",
            ["created"] = time.GetUtcNow().ToUnixTimeSeconds(),
            ["model"] = request.Model.Name,
            ["choices"] = new JsonArray([.. Enumerable.Range(0, request.Choices).Select(index => Choice(index, answer))]),
            ["usage"] = new JsonObject
            {
                ["prompt_tokens"] = prompt,
                ["completion_tokens"] = completion,
                ["total_tokens"] = prompt + completion,
                ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = 0, ["audio_tokens"] = 0 },
                ["completion_tokens_details"] = new JsonObject
                {
                    ["reasoning_tokens"] = answer.ReasoningTokens * request.Choices,
                    ["audio_tokens"] = 0,
                    ["accepted_prediction_tokens"] = 0,
                    ["rejected_prediction_tokens"] = 0,
                },
            },
            ["service_tier"] = request.ServiceTier,
            ["system_fingerprint"] = "fp_sandbox",
        };
    }

    private static JsonObject Choice(int index, WrittenAnswer answer) => new()
    {
        ["index"] = index,
        ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = answer.Text, ["refusal"] = null, ["annotations"] = new JsonArray() },
        ["logprobs"] = null,
        ["finish_reason"] = answer.IsCut ? "length" : "stop",
    };

    /// <summary>Promises a whole answer, sends half of it, and is gone.</summary>
    private static async Task BreakOffAsync(HttpContext context, string body)
    {
        context.Response.ContentLength = System.Text.Encoding.UTF8.GetByteCount(body);
        ModelGate.Began(context, StatusCodes.Status200OK, "application/json");
        await context.Response.WriteAsync(body[..(body.Length / 2)], context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        context.Abort();
    }
}

/// <summary>A completion in pieces, as <c>stream: true</c> asks for.</summary>
internal static class ChatStream
{
    public static async Task WriteAsync(HttpContext context, JsonObject completion, bool includeUsage)
    {
        ModelGate.Began(context, StatusCodes.Status200OK, "text/event-stream; charset=utf-8");
        foreach (var choice in completion["choices"]!.AsArray().Select(choice => choice!.AsObject()))
        {
            var (index, message) = (choice["index"], choice["message"]!);
            await WriteChunkAsync(new JsonObject { ["role"] = "assistant", ["content"] = "", ["refusal"] = null }, null);
            foreach (var piece in ServerEvents.Pieces($"{message["content"]}")) await WriteChunkAsync(new JsonObject { ["content"] = piece }, null);
            if (message["refusal"] is { } refusal) await WriteChunkAsync(new JsonObject { ["refusal"] = refusal.DeepClone() }, null);
            await WriteChunkAsync([], choice["finish_reason"]);

            Task WriteChunkAsync(JsonObject delta, JsonNode? finish) => ServerEvents.WriteAsync(context, null, Chunk(
                completion, new JsonArray(new JsonObject { ["index"] = index?.DeepClone(), ["delta"] = delta, ["logprobs"] = null, ["finish_reason"] = finish?.DeepClone() }), includeUsage, null));
        }

        if (includeUsage) await ServerEvents.WriteAsync(context, null, Chunk(completion, [], includeUsage, completion["usage"]));
        await ServerEvents.WriteAsync(context, null, "[DONE]");
    }

    private static JsonObject Chunk(JsonObject completion, JsonArray choices, bool includeUsage, JsonNode? usage)
    {
        var chunk = new JsonObject { ["id"] = completion["id"]?.DeepClone(), ["object"] = "chat.completion.chunk" };
        foreach (var name in new[] { "created", "model", "service_tier", "system_fingerprint" }) chunk[name] = completion[name]?.DeepClone();
        chunk["choices"] = choices;
        if (includeUsage) chunk["usage"] = usage?.DeepClone();
        return chunk;
    }
}
