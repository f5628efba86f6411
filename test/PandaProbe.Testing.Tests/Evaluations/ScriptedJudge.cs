using Microsoft.Extensions.AI;

namespace PandaProbe.Testing.Evaluations;

/// <summary>A judge that gives the answers of a script, and reports tokens as a provider does.</summary>
internal sealed class ScriptedJudge(params string[] answers) : IChatClient
{
    private int _next;

    public List<IReadOnlyList<ChatMessage>> Asked { get; } = [];

    public string? ModelId { get; init; } = "gpt-4o-mini";

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Asked.Add([.. messages]);
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, answers[_next++ % answers.Length]))
        {
            ModelId = ModelId,
            Usage = new() { InputTokenCount = 1_000, OutputTokenCount = 0 },
        });
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("openai") : null;

    public void Dispose()
    {
    }
}
