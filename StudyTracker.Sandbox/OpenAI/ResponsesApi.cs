using System.Text.Json.Nodes;
using StudyTracker.Sandbox.Faults;
using StudyTracker.Sandbox.Ledger;
using StudyTracker.Sandbox.OpenAI.Schemas;

namespace StudyTracker.Sandbox.OpenAI;

/// <summary><c>POST /v1/responses</c>. Nothing is kept, so no response can be fetched or gone on from later.</summary>
internal sealed class ResponsesApi(ModelGate gate, ModelCatalogue models, SchemaCache schemas, TimeProvider time)
{
    public async Task RespondAsync(HttpContext context)
    {
        if (!await gate.AdmitAsync(context)) return;
        var (body, error) = await ModelGate.ReadAsync(context);
        ResponseRequest? request = null;
        if (body is not null)
        {
            using (body) (request, error) = ResponseRequest.Read(body.RootElement, models, schemas);
        }

        if (error is null && request!.Input.Tokens > gate.ContextTokens)
            error = ApiError.Bad("Your input exceeds the context window of this model. Please adjust your input and try again.", "input", "context_length_exceeded");
        if (error is not null)
        {
            await gate.RefuseAsync(context, error);
            return;
        }

        var (passed, fault, _) = await gate.PassAsync(context, request!.Model.Name);
        if (!passed) return;
        var answer = WrittenAnswer.To(request.Input.Question, request.Format, request.Limits);
        if (fault == ModelFault.Truncated) answer = answer.Halved();
        gate.Record(fault == ModelFault.Truncated ? CallOutcome.Failed : CallOutcome.Ok, request.Input.Tokens, answer.Tokens);
        var response = Whole(request, answer);
        if (request.Stream) await ResponseStream.WriteAsync(context, response);
        else await ModelGate.WriteAsync(context, StatusCodes.Status200OK, response);
    }

    private JsonObject Whole(ResponseRequest request, WrittenAnswer answer)
    {
        var created = time.GetUtcNow().ToUnixTimeSeconds();
        var status = answer.IsCut ? "incomplete" : "completed";
        var response = new JsonObject
        {
            ["id"] = $"resp_{Guid.NewGuid():n}",
            ["object"] = "response",
            ["created_at"] = created,
            ["completed_at"] = answer.IsCut ? null : created,
            ["status"] = status,
            ["background"] = false,
            ["error"] = null,
            ["incomplete_details"] = answer.IsCut ? new JsonObject { ["reason"] = "max_output_tokens" } : null,
            ["model"] = request.Model.Name,
            ["output"] = Output(request.Model, answer, status),
            ["usage"] = new JsonObject
            {
                ["input_tokens"] = request.Input.Tokens,
                ["input_tokens_details"] = new JsonObject { ["cached_tokens"] = 0 },
                ["output_tokens"] = answer.Tokens,
                ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = answer.ReasoningTokens },
                ["total_tokens"] = request.Input.Tokens + answer.Tokens,
            },
        };
        foreach (var (name, value) in request.Echo) response[name] = value?.DeepClone();
        return response;
    }

    private static JsonArray Output(SandboxModel model, WrittenAnswer answer, string status)
    {
        var output = new JsonArray();
        if (model.IsReasoning) output.Add(new JsonObject { ["id"] = $"rs_{Guid.NewGuid():n}", ["type"] = "reasoning", ["summary"] = new JsonArray() });
        // Where the limit ended the reasoning already, there is no message.
        if (answer is { IsCut: true, Text.Length: 0 }) return output;
        output.Add(new JsonObject
        {
            ["id"] = $"msg_{Guid.NewGuid():n}",
            ["type"] = "message",
            ["status"] = status,
            ["role"] = "assistant",
            ["content"] = new JsonArray(Part(answer.Text)),
        });
        return output;
    }

    /// <summary>A part of a message that is text.</summary>
    public static JsonObject Part(string text) =>
        new() { ["type"] = "output_text", ["annotations"] = new JsonArray(), ["logprobs"] = new JsonArray(), ["text"] = text };
}

/// <summary>A response as events, as <c>stream: true</c> asks for.</summary>
internal static class ResponseStream
{
    public static async Task WriteAsync(HttpContext context, JsonObject response)
    {
        ModelGate.Began(context, StatusCodes.Status200OK, "text/event-stream; charset=utf-8");
        var number = 0;
        await SendAsync("response.created", new JsonObject { ["response"] = Begun(response) });
        await SendAsync("response.in_progress", new JsonObject { ["response"] = Begun(response) });
        var output = response["output"]!.AsArray();
        for (var index = 0; index < output.Count; index++)
        {
            var item = output[index]!.AsObject();
            await SendAsync("response.output_item.added", new JsonObject { ["output_index"] = index, ["item"] = Begun(item) });
            if (item["content"] is JsonArray content) await SendTextAsync(item["id"]!, index, content[0]!["text"]!.GetValue<string>());
            await SendAsync("response.output_item.done", new JsonObject { ["output_index"] = index, ["item"] = item.DeepClone() });
        }

        await SendAsync($"response.{response["status"]}", new JsonObject { ["response"] = response.DeepClone() });

        async Task SendTextAsync(JsonNode id, int index, string text)
        {
            await SendAsync("response.content_part.added", Place(("part", ResponsesApi.Part(""))));
            foreach (var piece in ServerEvents.Pieces(text)) await SendAsync("response.output_text.delta", Place(("delta", piece), ("logprobs", new JsonArray())));
            await SendAsync("response.output_text.done", Place(("text", text), ("logprobs", new JsonArray())));
            await SendAsync("response.content_part.done", Place(("part", ResponsesApi.Part(text))));

            JsonObject Place(params (string Name, JsonNode Value)[] members)
            {
                var place = new JsonObject { ["item_id"] = id.DeepClone(), ["output_index"] = index, ["content_index"] = 0 };
                foreach (var (name, value) in members) place[name] = value;
                return place;
            }
        }

        Task SendAsync(string type, JsonObject data)
        {
            data.Insert(0, "type", type);
            data.Insert(1, "sequence_number", number++);
            return ServerEvents.WriteAsync(context, type, data);
        }
    }

    /// <summary>How a response or an item of it looks before anything is written.</summary>
    private static JsonObject Begun(JsonObject whole)
    {
        var begun = whole.DeepClone().AsObject();
        if (begun.ContainsKey("status")) begun["status"] = "in_progress";
        if (begun.ContainsKey("output")) (begun["output"], begun["usage"], begun["completed_at"], begun["incomplete_details"]) = (new JsonArray(), null, null, null);
        if (begun.ContainsKey("content")) begun["content"] = new JsonArray();
        return begun;
    }
}
