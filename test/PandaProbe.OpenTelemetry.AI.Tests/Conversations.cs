using Microsoft.Extensions.AI;

namespace PandaProbe.AI;

internal static class Conversations
{
    public static List<ChatMessage> Question =>
        [new(ChatRole.System, "You are terse."), new(ChatRole.User, "Which city is the capital of France?")];

    public static UsageDetails Usage => new()
    {
        InputTokenCount = 150,
        OutputTokenCount = 80,
        TotalTokenCount = 230,
        CachedInputTokenCount = 64,
        ReasoningTokenCount = 20,
        AdditionalCounts = new() { ["cache_creation_input_tokens"] = 7, ["tool_prompt_tokens"] = 3 },
    };

    public static ChatResponse Answer => new(new ChatMessage(ChatRole.Assistant, "Paris."))
    {
        ResponseId = "resp-1",
        ModelId = "gpt-4o-mini-2024-07-18",
        FinishReason = ChatFinishReason.Stop,
        Usage = Usage,
    };

    public static ChatResponseUpdate[] Updates =>
    [
        new(ChatRole.Assistant, "Par") { ResponseId = "resp-1", ModelId = "gpt-4o-mini-2024-07-18" },
        new(null, "is."),
        new() { FinishReason = ChatFinishReason.Stop },
        new(null, [new UsageContent(Usage)]),
    ];

    public static async IAsyncEnumerable<ChatResponseUpdate> Stream(IEnumerable<ChatResponseUpdate> updates, Exception? failure = null)
    {
        foreach (ChatResponseUpdate update in updates)
        {
            await Task.Yield();
            yield return update;
        }

        if (failure is not null)
            throw failure;
    }
}
