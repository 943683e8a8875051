namespace StudyTracker.Sandbox.OpenAI;

/// <summary>Where OpenAI's API is. What is not there is refused in OpenAI's form too.</summary>
internal static class OpenAIEndpoints
{
    public static void AddOpenAI(this IServiceCollection services)
    {
        services.AddSingleton<Schemas.SchemaCache>();
        services.AddSingleton<ModelCatalogue>();
        services.AddSingleton<RequestLimit>();
        services.AddSingleton<ModelGate>();
        services.AddSingleton<ChatCompletions>();
        services.AddSingleton<ResponsesApi>();
    }

    public static void MapOpenAI(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/v1/chat/completions", (HttpContext context, ChatCompletions chat) => chat.CompleteAsync(context));
        endpoints.MapPost("/v1/responses", (HttpContext context, ResponsesApi responses) => responses.RespondAsync(context));
        endpoints.MapGet("/v1/models", async (HttpContext context, ModelGate gate, ModelCatalogue models) =>
        {
            if (await gate.AdmitAsync(context)) await ModelGate.WriteAsync(context, StatusCodes.Status200OK, models.List());
        });
        endpoints.MapGet("/v1/models/{id}", async (HttpContext context, string id, ModelGate gate, ModelCatalogue models) =>
        {
            if (!await gate.AdmitAsync(context)) return;
            if (models.Find(id) is { } model) await ModelGate.WriteAsync(context, StatusCodes.Status200OK, ModelCatalogue.Describe(model));
            else await RefuseAsync(context, NoSuchModel(id));
        });
        foreach (var (path, method) in new[] { ("/v1/chat/completions", "POST"), ("/v1/responses", "POST"), ("/v1/models", "GET"), ("/v1/models/{id}", "GET") })
        {
            endpoints.Map(path, async (HttpContext context, ModelGate gate) =>
            {
                if (!await gate.AdmitAsync(context)) return;
                context.Response.Headers.Allow = method;
                await RefuseAsync(context, new ApiError(
                    StatusCodes.Status405MethodNotAllowed,
                    $"Not allowed to {context.Request.Method} on {context.Request.Path}. (HINT: Perhaps you meant to use a different HTTP method?)",
                    Code: "method_not_supported"));
            });
        }

        endpoints.Map("/v1/{**rest}", async (HttpContext context, ModelGate gate) =>
        {
            if (await gate.AdmitAsync(context))
                await RefuseAsync(context, new ApiError(StatusCodes.Status404NotFound, $"Invalid URL ({context.Request.Method} {context.Request.Path})"));
        });
    }

    private static ApiError NoSuchModel(string id) =>
        new(StatusCodes.Status404NotFound, $"The model '{id}' does not exist", Parameter: "model", Code: "model_not_found");

    // Not a call of the model: nothing is counted.
    private static Task RefuseAsync(HttpContext context, ApiError error) => ModelGate.WriteAsync(context, error.Status, error.ToJson());
}
