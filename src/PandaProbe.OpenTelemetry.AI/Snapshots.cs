using Microsoft.Extensions.AI;
using PandaProbe.Recording;
using PandaProbe.Values;

namespace PandaProbe.AI;

/// <summary>Copies the contents of messages, because the caller may change the messages after the call.</summary>
internal static class Snapshots
{
    public static void SetInput(ModelCall call, ICollection<ChatMessage> messages, string? instructions)
    {
        var frozen = new MessageContent[messages.Count];
        int at = 0;
        foreach (ChatMessage message in messages)
        {
            if (at < frozen.Length)
                frozen[at++] = Of(message, finishReason: null);
        }

        call.SetInput(frozen, string.IsNullOrEmpty(instructions) ? null : [Part.OfText(instructions)]);
    }

    public static MessageContent Of(ChatMessage message, string? finishReason)
    {
        if (message is null)
            return new("user", "");

        string role = Role(message.Role);
        IList<AIContent> contents = message.Contents;
        if (contents.Count == 1 && contents[0] is TextContent { Text: { } text })
            return new(role, text, message.AuthorName, finishReason);

        int count = 0;
        foreach (AIContent content in contents)
            count += content is null or UsageContent ? 0 : 1;

        Part[] parts = count == 0 ? [] : new Part[count];
        int at = 0;
        foreach (AIContent content in contents)
        {
            if (content is not (null or UsageContent))
                parts[at++] = Of(content);
        }

        return new(role, parts, message.AuthorName, finishReason);
    }

    public static Part Of(AIContent content) => content switch
    {
        TextContent text => Part.OfText(text.Text),
        TextReasoningContent reasoning => Part.OfReasoning(reasoning.Text),
        FunctionCallContent call => Part.ToolCall(call.CallId, call.Name, FrozenValue.Of(call.Arguments)),
        FunctionResultContent result => Part.ToolResult(result.CallId, FrozenValue.Of(result.Result ?? result.Exception?.Message)),
        McpServerToolCallContent call => Part.ServerToolCall(call.CallId, call.Name, FrozenValue.Of(call.Arguments)),
        McpServerToolResultContent result => Part.ServerToolResult(result.CallId, "mcp", TextOf(result.Outputs)),
        CodeInterpreterToolCallContent call => Part.ServerToolCall(call.CallId, "code_interpreter", TextOf(call.Inputs)),
        CodeInterpreterToolResultContent result => Part.ServerToolResult(result.CallId, "code_interpreter", TextOf(result.Outputs)),
        WebSearchToolCallContent call =>
            Part.ServerToolCall(call.CallId, "web_search", call.Queries is { } queries ? string.Join('\n', queries) : null),
        WebSearchToolResultContent result => Part.ServerToolResult(result.CallId, "web_search", TextOf(result.Outputs)),
        ImageGenerationToolCallContent call => Part.ServerToolCall(call.CallId, "image_generation", null),
        ToolCallContent call => Part.ServerToolCall(call.CallId, Name(call), null),
        ToolResultContent result => Part.ServerToolResult(result.CallId, Name(result), null),
        DataContent data => Part.Blob(data.MediaType, data.Data),
        UriContent link => Part.Uri(link.Uri.ToString(), link.MediaType),
        HostedFileContent file => Part.File(file.FileId, file.MediaType),
        HostedVectorStoreContent store => Part.Generic("vector_store", store.VectorStoreId, null),
        ErrorContent error => Part.Generic("error", error.ErrorCode, error.Message),
        _ => Part.Generic(Name(content), null, null),
    };

    public static string Role(ChatRole role) => role.Value == "developer" ? "system" : role.Value;

    private static string? TextOf(IList<AIContent>? contents) => contents switch
    {
        null or [] => null,
        [TextContent only] => only.Text,
        _ => string.Join('\n', contents.Select(content => content switch
        {
            TextContent text => text.Text,
            DataContent data => $"[{data.MediaType}]",
            UriContent link => link.Uri.ToString(),
            HostedFileContent file => file.FileId,
            ErrorContent error => error.Message,
            _ => $"[{Name(content)}]",
        })),
    };

    private static string Name(AIContent content)
    {
        string name = content.GetType().Name;
        return name.EndsWith("Content", StringComparison.Ordinal) ? name[..^"Content".Length] : name;
    }
}
