namespace PandaProbe.Testing.Evaluations;

/// <summary>An agent without a model: it records what an agent with one would, and answers by the question.</summary>
internal static class SupportAgent
{
    public static async Task<string> AnswerAsync(string question, int promptTokens = 1_000)
    {
        using TraceScope trace = Probe.StartTrace("support-turn", input: question);
        using (SpanScope tool = Probe.StartSpan("lookup_order", ProbeSpanKind.Tool))
            tool.SetInput(new { order_id = "A-1042" });
        await Task.Yield();
        using (SpanScope call = Probe.StartSpan("chat", ProbeSpanKind.Llm, model: "gpt-4o-mini", provider: "openai"))
            call.SetTokenUsage(promptTokens, completionTokens: 0);
        return question.ToUpperInvariant();
    }
}
