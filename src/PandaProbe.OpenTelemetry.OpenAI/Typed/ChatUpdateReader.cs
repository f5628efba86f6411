using System.Text.Json;
using OpenAI.Chat;
using PandaProbe.OpenAI.Json;
using PandaProbe.Recording;

namespace PandaProbe.OpenAI.Typed;

/// <summary>
/// Combines the updates of a chat completion from their JSON. The typed update hides errors, audio, reasoning, and all choices but the
/// first.
/// </summary>
/// <param name="call">The call.</param>
/// <param name="asksForSeveral">Whether the request asks for several choices.</param>
internal sealed class ChatUpdateReader(ModelCall call, bool asksForSeveral) : AnswerReader<StreamingChatCompletionUpdate>(call)
{
    private readonly ChatEventReader _events = new(call);

    public override bool HasContent => _events.HasContent;

    public override void Add(StreamingChatCompletionUpdate piece)
    {
        // Most chunks hold one word of the only choice. Parsing their JSON can be skipped.
        if (_events.IsNamed && !asksForSeveral && TextOf(piece) is { Length: > 0 } text)
        {
            _events.AddText(text);
            return;
        }

        using var document = JsonDocument.Parse(TypedCall.Json(piece));
        _events.Add(document.RootElement);
    }

    public override void Finish(StreamOutcome outcome) => _events.Finish(outcome);

    private static string? TextOf(StreamingChatCompletionUpdate piece) =>
        piece is
        {
            Usage: null, FinishReason: null, ToolCallUpdates.Count: 0,
            ContentUpdate: [{ Kind: ChatMessageContentPartKind.Text } part]
        } ? part.Text : null;
}
