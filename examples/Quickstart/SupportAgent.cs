using PandaProbe;

namespace Quickstart;

/// <summary>A support agent: looks into the help center, asks a model, calls the tool that the model asks for, and answers.</summary>
internal sealed class SupportAgent(ScriptedModel model, string conversationId, string customerId)
{
    private readonly List<ProbeMessage> _messages = [ProbeMessage.System("You are the support agent of a small web shop. Be brief.")];
    private bool _orderSystemIsUp;

    public string CustomerId => customerId;

    public async Task<string> AnswerAsync(string question)
    {
        // One trace for one turn. Everything recorded until it is disposed belongs to this conversation and this customer.
        using TraceScope trace = Probe.StartTrace(
            "support-turn", input: question, sessionId: conversationId, userId: customerId, tags: ["quickstart"]);
        using SpanScope agent = Probe.StartSpan("support-agent", ProbeSpanKind.Agent);
        agent.SetInput(question);

        string article = await SearchHelpCenterAsync(question);
        _messages.Add(ProbeMessage.System($"From the help center: {article}"));
        _messages.Add(ProbeMessage.User(question));

        ModelReply reply = await AskModelAsync();
        while (reply.ToolCall is { } call)
        {
            _messages.Add(ProbeMessage.Assistant($"{call.Name}({call.OrderId})"));
            _messages.Add(ProbeMessage.Tool(await LookUpOrderWithRetryAsync(call)));
            reply = await AskModelAsync();
        }

        _messages.Add(ProbeMessage.Assistant(reply.Text));
        agent.SetOutput(reply.Text);
        trace.SetOutput([ProbeMessage.Assistant(reply.Text)]);
        return reply.Text;
    }

    private static async Task<string> SearchHelpCenterAsync(string question)
    {
        using SpanScope span = Probe.StartSpan("search-help-center", ProbeSpanKind.Retriever);
        span.SetInput(new { query = question, top_k = 1 });
        await Task.Delay(8);

        string article = question.Contains("return", StringComparison.OrdinalIgnoreCase)
            ? "Unused items can be returned within 30 days of delivery."
            : "We ship within two working days and accept Visa, Mastercard and American Express.";
        span.SetOutput(new { documents = new[] { new { content = article, score = 0.87 } } });
        return article;
    }

    private async Task<ModelReply> AskModelAsync()
    {
        using SpanScope span = Probe.StartSpan("chat", ProbeSpanKind.Llm, model: model.Name);
        span.SetProvider("openai");
        span.SetModelParameters(new() { ["temperature"] = 0.2, ["max_tokens"] = 300 });
        span.SetInput(_messages);

        ModelReply reply = await model.CompleteAsync(_messages);

        span.SetOutput([ProbeMessage.Assistant(reply.ToolCall is { } call ? $"{call.Name}({call.OrderId})" : reply.Text)]);
        span.SetFinishReason(reply.ToolCall is null ? "stop" : "tool_call");
        // What it costs is computed from these and the model's price.
        span.SetTokenUsage(reply.PromptTokens, reply.CompletionTokens, new() { ["cache_read_tokens"] = reply.CachedTokens });
        return reply;
    }

    private async Task<string> LookUpOrderWithRetryAsync(ToolCall call)
    {
        try
        {
            return await LookUpOrderAsync(call);
        }
        catch (TimeoutException)
        {
            // The second attempt is a span of its own; the trace goes on and ends well.
            return await LookUpOrderAsync(call);
        }
    }

    private async Task<string> LookUpOrderAsync(ToolCall call)
    {
        // Nothing here records the failure: an exception that leaves the block marks the span by itself.
        using SpanScope span = Probe.StartSpan(call.Name, ProbeSpanKind.Tool);
        span.SetInput(new { order_id = call.OrderId });

        await Task.Delay(12);
        if (!_orderSystemIsUp)
        {
            _orderSystemIsUp = true;
            throw new TimeoutException("The order system did not answer in time.");
        }

        const string status = "shipped yesterday, arrives on Friday";
        span.SetOutput(new { order_id = call.OrderId, status });
        return status;
    }
}
