using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace PandaProbe.AI;

/// <summary>A provider that answers as a test tells it, and remembers what it was asked and what was current meanwhile.</summary>
internal sealed class ScriptedChatClient : IChatClient
{
    public Func<IReadOnlyList<ChatMessage>, ChatOptions?, CancellationToken, Task<ChatResponse>>? Answer { get; init; }

    public Func<CancellationToken, IAsyncEnumerable<ChatResponseUpdate>>? Stream { get; init; }

    public ChatClientMetadata? Metadata { get; init; } = new("openai", new Uri("https://api.openai.com/v1"), "gpt-4o-mini");

    public List<Activity?> CurrentDuringCall { get; } = [];

    public IEnumerable<ChatMessage>? AskedWith { get; private set; }

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        AskedWith = messages;
        CurrentDuringCall.Add(Activity.Current);
        return await Answer!([.. messages], options, cancellationToken);
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        AskedWith = messages;
        await foreach (ChatResponseUpdate update in Stream!(cancellationToken))
        {
            CurrentDuringCall.Add(Activity.Current);
            yield return update;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType == typeof(ChatClientMetadata) ? Metadata : serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }
}
