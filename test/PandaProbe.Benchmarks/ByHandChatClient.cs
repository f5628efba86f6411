using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace PandaProbe.Benchmarks;

/// <summary>
/// The work of Microsoft.Extensions.AI's OpenTelemetryChatClient with sensitive data on, by hand: the same tags on one activity, the
/// messages as parts in indented JSON with snake_case names, a streamed answer put together from its updates.
/// </summary>
internal sealed class ByHandChatClient(IChatClient inner) : DelegatingChatClient(inner)
{
    public const string SourceName = "ByHand.AI";

    private static readonly ActivitySource Source = new(SourceName);

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        using Activity? activity = Start(options, streamed: false);
        SetInput(activity, messages);
        ChatResponse response = await base.GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
        SetOutput(activity, response);
        return response;
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using Activity? activity = Start(options, streamed: true);
        SetInput(activity, messages);
        List<ChatResponseUpdate> seen = [];
        await foreach (ChatResponseUpdate update in base.GetStreamingResponseAsync(messages, options, cancellationToken)
            .ConfigureAwait(false))
        {
            seen.Add(update);
            yield return update;
            Activity.Current = activity;
        }

        if (activity is not null)
        {
            activity.AddTag("gen_ai.response.time_to_first_chunk", 0.1);
            SetOutput(activity, seen.ToChatResponse());
        }
    }

    private static Activity? Start(ChatOptions? options, bool streamed)
    {
        Activity? activity = Source.StartActivity($"chat {options?.ModelId}", ActivityKind.Client);
        if (activity is null)
            return null;

        activity.AddTag("gen_ai.operation.name", "chat").AddTag("gen_ai.request.model", options?.ModelId)
            .AddTag("gen_ai.provider.name", "openai")
            .AddTag("server.address", "api.openai.com").AddTag("server.port", 443);
        if (streamed)
            activity.AddTag("gen_ai.request.stream", true);
        if (options?.Temperature is { } temperature)
            activity.AddTag("gen_ai.request.temperature", temperature);
        if (options?.MaxOutputTokens is { } limit)
            activity.AddTag("gen_ai.request.max_tokens", limit);
        return activity;
    }

    private static void SetInput(Activity? activity, IEnumerable<ChatMessage> messages) =>
        activity?.AddTag("gen_ai.input.messages", JsonSerializer.Serialize(messages.Select(message => Of(message, null)).ToList(), Json));

    private static void SetOutput(Activity? activity, ChatResponse response)
    {
        if (activity is null)
            return;

        activity.AddTag("gen_ai.output.messages",
            JsonSerializer.Serialize(response.Messages.Select(message => Of(message, response.FinishReason?.Value)).ToList(), Json));
        activity.AddTag("gen_ai.response.finish_reasons", $"[\"{response.FinishReason}\"]")
            .AddTag("gen_ai.response.id", response.ResponseId)
            .AddTag("gen_ai.response.model", response.ModelId).AddTag("gen_ai.usage.input_tokens", (int?)response.Usage?.InputTokenCount)
            .AddTag("gen_ai.usage.output_tokens", (int?)response.Usage?.OutputTokenCount)
            .AddTag("gen_ai.usage.cache_read.input_tokens", (int?)response.Usage?.CachedInputTokenCount)
            .AddTag("gen_ai.usage.reasoning.output_tokens", (int?)response.Usage?.ReasoningTokenCount);
    }

    private static Message Of(ChatMessage message, string? finishReason)
    {
        Message result = new() { Role = message.Role.Value, FinishReason = finishReason };
        foreach (AIContent content in message.Contents)
        {
            if (content is TextContent text)
                result.Parts.Add(new Text { Content = text.Text });
        }

        return result;
    }

    private sealed class Message
    {
        public string? Role { get; set; }

        public List<object> Parts { get; } = [];

        public string? FinishReason { get; set; }
    }

    private sealed class Text
    {
        public string Type { get; set; } = "text";

        public string? Content { get; set; }
    }
}
