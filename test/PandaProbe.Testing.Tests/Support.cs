using System.Text.Json;

namespace PandaProbe.Testing;

/// <summary>A support agent that does not need a model: it opens the spans of one.</summary>
internal static class Support
{
    public static async Task RunAsync(params string[] tools)
    {
        using TraceScope trace = Probe.StartTrace("support", "Where is my order A1?", sessionId: "s1", userId: "u1", tags: ["test"]);
        using (SpanScope agent = trace.StartSpan("helper", ProbeSpanKind.Agent))
        {
            Ask("Where is my order A1?", "Let me look.");
            foreach (string tool in tools)
                await CallAsync(tool, """{"order":"A1","limit":5}""");
            Ask("Where is my order A1? It is sent.", "It is sent.");
        }

        trace.SetOutput([ProbeMessage.Assistant("It is sent.")]);
    }

    public static void Ask(string question, string answer, string model = "gpt-5.4", string provider = "openai")
    {
        using SpanScope call = Probe.StartLlmSpan(model, provider, name: "answer");
        call.SetInput([ProbeMessage.System("You help."), ProbeMessage.User(question)]);
        call.SetModelParameters(new() { ["temperature"] = 0.5 });
        call.SetOutput([ProbeMessage.Assistant(answer)]);
        call.SetTokenUsage(promptTokens: 100, completionTokens: 20);
        call.SetFinishReason("stop");
    }

    public static async Task CallAsync(string tool, string arguments)
    {
        using SpanScope span = Probe.StartSpan(tool, ProbeSpanKind.Tool);
        span.SetInput(JsonSerializer.Deserialize<JsonElement>(arguments));
        await Task.Yield();
        span.SetOutput("found");
    }
}
