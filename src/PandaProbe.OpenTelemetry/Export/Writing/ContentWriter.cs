using System.Text;
using System.Text.Json;
using PandaProbe.Content;
using PandaProbe.Values;
using static PandaProbe.Content.MessageWriter;

namespace PandaProbe.Export.Writing;

/// <summary>Writes inputs and outputs: messages as PandaProbe has them, other JSON as it is, text as text.</summary>
internal static class ContentWriter
{
    private static readonly JsonDocumentOptions DocumentOptions = new() { MaxDepth = JsonText.ReaderOptions.MaxDepth };

    /// <summary>The conversation of a call to a model.</summary>
    public static void WriteMessages(Utf8JsonWriter json, object content, object? instructions, Select select)
    {
        if (content is ConversationContent { Json: { } verbatim })
        {
            ValueWriter.WriteJson(json, verbatim);
            return;
        }

        if (content is ConversationContent { PlainMessages: { } messages } && instructions is null)
        {
            Write(json, messages, select);
            return;
        }

        byte[] source = BytesOf(content);
        using JsonDocument? document = Parse(source);
        using JsonDocument? parts = instructions is null ? null : Parse(BytesOf(instructions));
        if (document is null || !TryWrite(json, document.RootElement, select, instructions, parts?.RootElement))
            new RawJson(source).WriteTo(json);
    }

    /// <summary>System instructions of a call whose messages are not known.</summary>
    public static void WriteInstructions(Utf8JsonWriter json, object instructions) =>
        WriteMessages(json, "[]", instructions, Select.All);

    /// <summary>What a step was given or gave back.</summary>
    public static void WriteValue(Utf8JsonWriter json, object content, bool isJson)
    {
        if (content is string text && isJson)
            ValueWriter.WriteJson(json, text);
        else
            ValueWriter.Write(json, content);
    }

    /// <summary>What a trace was asked, or what it answered: one message.</summary>
    public static void WriteTraceValue(Utf8JsonWriter json, object content, bool isJson, Select select)
    {
        switch (content)
        {
            case ConversationContent { Json: { } verbatim }:
                WriteTraceValue(json, verbatim, isJson: true, select);
                break;
            case string text when !isJson:
                Write(json, [new MessageContent(RoleOf(select), text)], Select.All);
                break;
            case string text when !text.Contains("\"role\"", StringComparison.Ordinal):
                ValueWriter.WriteJson(json, text);
                break;
            case string or ContentValue:
                WriteMessages(json, content, null, select);
                break;
            default:
                ValueWriter.Write(json, content);
                break;
        }
    }

    private static byte[] BytesOf(object content)
    {
        byte[] bytes = content is ContentValue value ? value.ToUtf8() : Encoding.UTF8.GetBytes(ValueWriter.TextOf(content));
        StorableJson.ReplaceEscapes(bytes);
        return bytes;
    }

    private static JsonDocument? Parse(byte[] json)
    {
        try
        {
            return JsonDocument.Parse(json, DocumentOptions);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
