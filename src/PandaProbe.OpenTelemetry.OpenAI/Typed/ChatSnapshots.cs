using System.Text.Json;
using OpenAI.Chat;
using PandaProbe.OpenAI.Json;
using PandaProbe.Recording;
using PandaProbe.Values;

namespace PandaProbe.OpenAI.Typed;

/// <summary>Copies the contents of typed messages. Their strings are immutable, but their lists are not.</summary>
internal static class ChatSnapshots
{
    public static void ReadRequest(ModelCall call, ICollection<ChatMessage> messages, ChatCompletionOptions? options)
    {
        if (options is not null && call.IsRecording)
        {
            call.Record(options, static (call, options) =>
            {
                using var document = JsonDocument.Parse(TypedCall.Json(options));
                Parameters.Read(call, document.RootElement);
            });
        }

        if (!call.CapturesContent)
            return;

        call.Record(messages, static (call, messages) =>
        {
            var frozen = new MessageContent[messages.Count];
            int at = 0;
            foreach (ChatMessage message in messages)
            {
                if (at < frozen.Length)
                    frozen[at++] = Of(message);
            }

            call.SetInput(frozen);
        });
    }

    /// <summary>Returns whether a request asks for several choices. The options have no property for it.</summary>
    public static bool AskForSeveral(ChatCompletionOptions? options)
    {
        if (options is null)
            return false;

        using var document = JsonDocument.Parse(TypedCall.Json(options));
        return document.RootElement.Count("n") is > 1;
    }

#pragma warning disable CS0618 // Old programs still send members that the package marks obsolete.
    private static MessageContent Of(ChatMessage message)
    {
        (string role, string? name) = message switch
        {
            SystemChatMessage system => ("system", system.ParticipantName),
            DeveloperChatMessage developer => ("system", developer.ParticipantName),
            UserChatMessage user => ("user", user.ParticipantName),
            AssistantChatMessage assistant => ("assistant", assistant.ParticipantName),
            ToolChatMessage => ("tool", null),
            FunctionChatMessage function => ("tool", function.FunctionName),
            _ => ("user", null),
        };

        ChatMessageContent contents = message.Content;
        if (message is ToolChatMessage tool)
            return new(role, [Part.ToolResult(tool.ToolCallId, string.Concat(contents.Select(part => part.Text)))], name);

        var answer = message as AssistantChatMessage;
        bool isPlain = answer is null or { ToolCalls.Count: 0, FunctionCall: null, Refusal: null };
        if (isPlain && contents.Count == 1 && contents[0].Kind == ChatMessageContentPartKind.Text)
            return new(role, contents[0].Text, name);

        List<Part> parts = new(contents.Count);
        foreach (ChatMessageContentPart part in contents)
            parts.Add(Of(part));
        if (answer is not null)
        {
            if (answer.Refusal is { } refusal)
                parts.Add(Part.OfText(refusal));
            foreach (ChatToolCall call in answer.ToolCalls)
                parts.Add(Part.ToolCall(call.Id, call.FunctionName, new RawJson(call.FunctionArguments.ToMemory())));
            if (answer.FunctionCall is { } function)
                parts.Add(Part.ToolCall(null, function.FunctionName, new RawJson(function.FunctionArguments.ToMemory())));
        }

        return new(role, [.. parts], name);
    }

#pragma warning restore CS0618

    private static Part Of(ChatMessageContentPart part) => part.Kind switch
    {
        ChatMessageContentPartKind.Text => Part.OfText(part.Text),
        ChatMessageContentPartKind.Refusal => Part.OfText(part.Refusal),
        ChatMessageContentPartKind.Image when part.ImageBytes is { } image => Part.Blob(part.ImageBytesMediaType, image.ToMemory()),
        ChatMessageContentPartKind.Image when part.ImageUri is { } uri => PartsJson.Media(uri.ToString(), "image/*"),
        ChatMessageContentPartKind.InputAudio when part.InputAudioBytes is { } audio =>
            Part.Blob("audio/" + part.InputAudioFormat, audio.ToMemory()),
        ChatMessageContentPartKind.File when part.FileId is { } id => Part.File(id, part.FileBytesMediaType),
        ChatMessageContentPartKind.File when part.FileBytes is { } bytes => Part.Blob(part.FileBytesMediaType, bytes.ToMemory()),
        _ => Part.Generic("unknown", null, null),
    };
}
