using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using PandaProbe;

namespace Decorators;

public sealed record Question(string Text, string Language);

public sealed record Answer(string Text, int Documents);

/// <summary>Types of the arguments and results: with it, nothing is serialised by reflection.</summary>
[JsonSerializable(typeof(Question))]
[JsonSerializable(typeof(Answer))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class SupportJson : JsonSerializerContext;

public sealed class SupportAgent
{
    /// <summary>A trace of its own for every call; the conversation is its session.</summary>
    [ProbeTrace("support", SessionId = "{conversationId}", Tags = ["example"])]
    public async Task<Answer> HandleAsync(string conversationId, Question question, CancellationToken cancellationToken = default)
    {
        string[] documents = await RetrieveAsync(question.Text, top: 2, cancellationToken);
        string text = await GenerateAsync(Prompt(question, documents), cancellationToken);
        return new(text, documents.Length);
    }

    /// <summary>A stream is traced from its first part to its last.</summary>
    [ProbeTrace("support-stream", SessionId = "{conversationId}")]
    public async IAsyncEnumerable<string> StreamAsync(
        string conversationId, string question, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string[] documents = await RetrieveAsync(question, top: 1, cancellationToken);
        foreach (string word in (await GenerateAsync([ProbeMessage.User(documents[0])], cancellationToken)).Split(' '))
            yield return word;
    }

    [ProbeSpan("retrieve", Kind = ProbeSpanKind.Retriever)]
    private static async Task<string[]> RetrieveAsync(string question, int top, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(question);
        await Task.Delay(1, cancellationToken);
        return [.. new[] { "Open Settings.", "Choose Security.", "Press Reset." }.Take(top)];
    }

    // Stands in for a model: the attribute is the same when a real one is asked.
    [ProbeSpan("generate", Kind = ProbeSpanKind.Llm, Model = "gpt-5.4")]
    private static async Task<string> GenerateAsync(ProbeMessage[] messages, CancellationToken cancellationToken)
    {
        await Task.Delay(1, cancellationToken);
        Probe.CurrentSpan.SetTokenUsage(promptTokens: 24, completionTokens: 6);
        return $"Answer: {messages[^1].Content}";
    }

    private static ProbeMessage[] Prompt(Question question, string[] documents) =>
        [ProbeMessage.System(string.Join(' ', documents)), ProbeMessage.User(question.Text)];
}
