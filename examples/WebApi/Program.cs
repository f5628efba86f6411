using PandaProbe;
using WebApi;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
if (builder.Configuration["urls"] is null)
    builder.WebHost.UseUrls("http://localhost:8002");

// Exports as the environment says: OTEL_EXPORTER_OTLP_ENDPOINT, or PANDAPROBE_API_KEY and PANDAPROBE_PROJECT_NAME.
builder.Services.AddPandaProbe();

WebApplication app = builder.Build();

// Everything that is recorded while a request is handled belongs to its session.
app.UsePandaProbe(request => request.SessionFromHeader("X-Session-Id").UserFromHeader("X-User-Id"));

// POST /v1/token-counting/count
app.MapTokenCounting();

// GET /chat?question=…: the answer as it comes.
app.MapGet("/chat", async context =>
{
    string question = context.Request.Query["question"] is [{ Length: > 0 } text] ? text : "Where does the Rhine end?";
    context.Response.ContentType = "text/plain; charset=utf-8";

    using TraceScope trace = Probe.StartTrace("chat", input: question);
    using SpanScope span = Probe.StartLlmSpanWithTokens("gpt-4o", "openai", question);
    await foreach (string word in span.Observe(ScriptedModel.AnswerAsync(context.RequestAborted)))
    {
        await context.Response.WriteAsync(word, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
});

app.Run();
