namespace PandaProbe.TestApp;

/// <summary>The sample of the design document, on a model that always gives the same answer, and one step that fails.</summary>
internal static class Sample
{
    public static async Task<string> RunAsync(string query)
    {
        string[] documents = ["PandaProbe traces agents."];
        ScriptedClient client = new();

        using TraceScope trace = Probe.StartTrace("rag-pipeline", input: query, sessionId: "conversation-123", userId: "user-abc",
                                           tags: ["production"], metadata: new() { ["pipeline"] = "docs-qa" });

        using (SpanScope span = trace.StartSpan("retrieve", ProbeSpanKind.Retriever))
        {
            span.SetInput(new { query });
            span.SetOutput(new { documents });
        }

        string answer;
        using (SpanScope span = trace.StartSpan("generate", ProbeSpanKind.Llm, model: "gpt-5.4"))
        {
            span.SetInput([ProbeMessage.System("You are terse."), ProbeMessage.User(query)]);
            span.SetModelParameters(new() { ["temperature"] = 0.7, ["max_tokens"] = 1000 });
            Reply reply = await client.CompleteAsync(query);
            span.SetOutput([ProbeMessage.Assistant(reply.Text)]);
            span.SetTokenUsage(promptTokens: 150, completionTokens: 80, new() { ["reasoning_tokens"] = 20, ["cache_read_tokens"] = 64 });
            span.SetCost(total: 0.002m);
            answer = reply.Text;
        }

        try
        {
            using SpanScope span = trace.StartSpan("publish", ProbeSpanKind.Tool);
            await ScriptedClient.FailAsync();
        }
        catch (InvalidOperationException)
        {
        }

        trace.SetOutput([ProbeMessage.Assistant(answer)]);
        return answer;
    }

    private sealed class ScriptedClient
    {
        public async Task<Reply> CompleteAsync(string query)
        {
            await Task.Yield();
            return new("It traces agents: " + query);
        }

        public static async Task FailAsync()
        {
            await Task.Yield();
            throw new InvalidOperationException("The channel is closed.");
        }
    }

    private sealed record Reply(string Text);
}
