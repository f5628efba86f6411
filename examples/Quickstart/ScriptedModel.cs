using PandaProbe;

namespace Quickstart;

/// <summary>Stands in for your provider's client: it answers by a script after a moment, and reports tokens as a provider does.</summary>
internal sealed class ScriptedModel
{
    private readonly Queue<ModelReply> _script = new(
    [
        new("", PromptTokens: 1_416, CachedTokens: 1_280, CompletionTokens: 24, new ToolCall("lookup_order", OrderId: "A-1042")),
        new("Order A-1042 left our warehouse yesterday and arrives on Friday.", PromptTokens: 1_504, CachedTokens: 1_280,
        CompletionTokens: 18),
        new("Yes: unused items can be returned within 30 days of delivery, free of charge.", PromptTokens: 1_596, CachedTokens: 1_280,
        CompletionTokens: 22),
        new("We accept Visa, Mastercard and American Express.", PromptTokens: 1_388, CachedTokens: 1_280, CompletionTokens: 14),
    ]);

    public string Name => "gpt-5.4-mini";

    public async Task<ModelReply> CompleteAsync(IReadOnlyList<ProbeMessage> messages)
    {
        await Task.Delay(15 + messages.Count * 3);
        return _script.Dequeue();
    }
}

/// <summary>What the model answers: a text, or the wish to have a tool called.</summary>
internal sealed record ModelReply(string Text, int PromptTokens, int CachedTokens, int CompletionTokens, ToolCall? ToolCall = null);

internal sealed record ToolCall(string Name, string OrderId);
