using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;

namespace AgentTests;

/// <summary>
/// Stands in for a model: it decides by a few words, and reports tokens as a provider does. Your tests take a recorded model, see
/// <see cref="RecordedTests"/>.
/// </summary>
internal sealed partial class ScriptedModel : IChatClient
{
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ChatMessage[] all = [.. messages];
        string question = all.Last(message => message.Role == ChatRole.User).Text;
        string[] results = [.. all.SelectMany(message => message.Contents).OfType<FunctionResultContent>()
            .Select(result => $"{result.Result}")];
        ChatMessage answer = new(ChatRole.Assistant, [Next(question, results)]);
        return Task.FromResult(new ChatResponse(answer)
        {
            ModelId = "gpt-5.4-mini",
            FinishReason = answer.Contents[0] is FunctionCallContent ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop,
            Usage = new() { InputTokenCount = 200 + 60 * all.Length, OutputTokenCount = 20 },
        });
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException("This model does not stream.");

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("openai", defaultModelId: "gpt-5.4-mini") : null;

    public void Dispose()
    {
    }

    private static AIContent Next(string question, string[] results)
    {
        string order = OrderId().Match(question).Value;
        bool wantsMoney = question.Contains("money", StringComparison.OrdinalIgnoreCase);
        return (order, results) switch
        {
            ("", _) => new TextContent("We accept Visa, Mastercard and American Express."),
            (_, []) => new FunctionCallContent("call-1", "lookup_order", new Dictionary<string, object?> { ["order_id"] = order }),
            (_, [var found, ..]) when found.Contains("no such order", StringComparison.Ordinal) =>
                new TextContent($"There is no order {order}."),
            (_, [_]) when wantsMoney => new FunctionCallContent(
                "call-2", "refund", new Dictionary<string, object?> { ["order_id"] = order, ["amount"] = 12.50m }),
            (_, [_]) => new TextContent($"Order {order} is on its way."),
            _ => new TextContent("You get 12.50 EUR back."),
        };
    }

    [GeneratedRegex(@"[A-Z]-\d+")]
    private static partial Regex OrderId();
}
