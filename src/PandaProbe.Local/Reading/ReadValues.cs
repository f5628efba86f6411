using System.Text.Json;

namespace PandaProbe.Local.Reading;

/// <summary>
/// Gives inputs and outputs that came as one value the place where they belong: messages, a tool's arguments and result, documents.
/// </summary>
internal static class ReadValues
{
    public static void Settle(ReadSpan read)
    {
        switch (read.Kind)
        {
            case StepKind.Tool:
                read.ToolArguments ??= read.InputValue;
                read.ToolResult ??= read.OutputValue;
                (read.InputValue, read.OutputValue) = (null, null);
                break;
            case StepKind.Retriever:
                SettleRetriever(read);
                break;
            default:
                SettleMessages(read);
                break;
        }
    }

    private static void SettleRetriever(ReadSpan read)
    {
        if (read.Documents.Count == 0 && LenientJson.Parse(read.OutputValue) is { } output
            && Documents.Read(output) is { Count: > 0 } documents)
        {
            read.Documents = documents;
            read.OutputValue = null;
        }

        if (read.Query is null && read.InputValue is { } input)
            read.Query = LenientJson.Parse(input) is { } json ? json.Text("query", "input", "question", "text") : input;
    }

    private static void SettleMessages(ReadSpan read)
    {
        bool isLlm = read.Kind == StepKind.Llm;
        // The value of a call with messages is the request or the response around them.
        if (isLlm && read.Input.Count > 0)
            read.InputValue = null;
        if (isLlm && read.Output.Count > 0)
            read.OutputValue = null;
        if (MessagesOf(read.InputValue, ReadMessage.User, isLlm) is { Count: > 0 } input)
        {
            read.Input = read.Input.Count > 0 ? read.Input : input;
            read.InputValue = null;
        }

        if (MessagesOf(read.OutputValue, ReadMessage.Assistant, isLlm) is { Count: > 0 } output)
        {
            read.Output = read.Output.Count > 0 ? read.Output : output;
            read.OutputValue = null;
        }
    }

    private static IReadOnlyList<ReadMessage> MessagesOf(string? value, string role, bool isLlm)
    {
        if (string.IsNullOrWhiteSpace(value))
            return [];
        if (LenientJson.Parse(value) is not { } json)
            return isLlm ? [ReadMessage.Of(role, value)] : [];

        // An agent's or a chain's value is any object of the application: only what looks like a conversation is one.
        return isLlm || IsConversation(json) ? MessageReader.Read(json, role) : [];
    }

    private static bool IsConversation(JsonElement json)
    {
        if (json.Get("messages") is { ValueKind: JsonValueKind.Array } inner)
            json = inner;
        return json.IsArray() && json.GetArrayLength() > 0
            && json.EnumerateArray()
            .All(message => message.Text("role") is not null
            && message.First("content", "parts", "tool_calls").ValueKind != JsonValueKind.Undefined);
    }
}
