using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using PandaProbe.Content;
using PandaProbe.Conventions;
using PandaProbe.Safety;
using PandaProbe.Values;

namespace PandaProbe.Inspection;

/// <summary>Reads who said what on a span, in the order of time. Messages are those that PandaProbe shows.</summary>
internal sealed class SpanTexts
{
    private const int LongestText = 200_000;
    private const string DocumentText = ".document.content";

    private static readonly JsonDocumentOptions DocumentOptions = new() { MaxDepth = JsonText.ReaderOptions.MaxDepth };

    private readonly List<SpanText> _texts = [];
    private readonly Activity _span;
    private readonly string _spanId;

    private SpanTexts(Activity span) => (_span, _spanId) = (span, span.SpanId.ToHexString());

    /// <param name="span">An ended span.</param>
    /// <param name="isTop">Whether no span about AI is above it, so that its input is what a user said.</param>
    public static IReadOnlyList<SpanText> Of(Activity span, bool isTop)
    {
        SpanTexts texts = new(span);
        texts.Read(SafetyFields.KindOf(span), isTop);
        return texts._texts;
    }

    /// <summary>Returns what a user gave to the topmost span, which may still run.</summary>
    public static IReadOnlyList<SpanText> InputOf(Activity top)
    {
        SpanTexts texts = new(top);
        texts.ReadInput();
        return texts._texts;
    }

    private void Read(string? kind, bool isTop)
    {
        switch (kind)
        {
            case SpanKinds.Llm:
                ReadInput();
                ReadOutput();
                break;
            case SpanKinds.Tool:
                Add(SpanTextSource.ToolArguments, Tag(GenAI.Tool.Call.Arguments) ?? Tag(General.Input.Value));
                Add(SpanTextSource.ToolResult, Tag(GenAI.Tool.Call.Result) ?? Tag(General.Output.Value));
                break;
            case SpanKinds.Retriever:
                Add(SpanTextSource.ToolArguments, Tag(GenAI.Retrieval.QueryText) ?? Tag(General.Input.Value));
                ReadDocuments();
                break;
            case SpanKinds.Embedding:
                break;
            default:
                // What a step in between gets and gives is made by the application or a model.
                if (isTop)
                    ReadInput();
                if (kind is SpanKinds.Trace or SpanKinds.Agent)
                    ReadOutput();
                break;
        }
    }

    private object? Tag(string name) => _span.GetTagItem(name);

    private void ReadInput()
    {
        Add(SpanTextSource.Instructions, Tag(GenAI.SystemInstructions));
        ReadMessages(Tag(GenAI.Input.Messages) ?? Tag(General.Input.Value), isOutput: false);
    }

    private void ReadOutput() => ReadMessages(Tag(GenAI.Output.Messages) ?? Tag(General.Output.Value), isOutput: true);

    private void ReadDocuments()
    {
        bool any = false;
        foreach (ref readonly KeyValuePair<string, object?> tag in _span.EnumerateTagObjects())
        {
            if (tag.Key.StartsWith(General.OpenInference.DocumentPrefix, StringComparison.Ordinal)
                && tag.Key.EndsWith(DocumentText, StringComparison.Ordinal))
            {
                Add(SpanTextSource.Document, tag.Value);
                any = true;
            }
        }

        if (!any)
            Add(SpanTextSource.Document, Tag(General.Output.Value));
    }

    private void ReadMessages(object? content, bool isOutput)
    {
        using JsonDocument? document = Parse(content);
        if (document is null || !TryReadMessages(document.RootElement, isOutput))
            Add(isOutput ? SpanTextSource.Answer : SpanTextSource.User, content, document);
    }

    private bool TryReadMessages(JsonElement content, bool isOutput)
    {
        ArrayBufferWriter<byte> buffer = new();
        try
        {
            using Utf8JsonWriter writer = new(buffer, JsonValue.WriterOptions);
            if (!MessageWriter.TryWrite(writer, content, MessageWriter.Select.All, null, null))
                return false;
        }
        catch (InvalidOperationException)
        {
            // A string has half of a surrogate pair.
            return false;
        }

        using var messages = JsonDocument.Parse(buffer.WrittenMemory, DocumentOptions);
        List<JsonElement> results = [];
        foreach (JsonElement message in messages.RootElement.GetProperty("messages"u8).EnumerateArray())
            ReadMessage(message, isOutput, results);

        // A tool that the provider runs has its call and its result in one answer.
        foreach (JsonElement result in results)
            Add(SpanTextSource.ToolResult, TextOf(result));
        return true;
    }

    private void ReadMessage(JsonElement message, bool isOutput, List<JsonElement> results)
    {
        SpanTextSource? source = message.GetProperty("role"u8).GetString() switch
        {
            "system" or "developer" => SpanTextSource.Instructions,
            "tool" or "function" => SpanTextSource.ToolResult,
            _ when isOutput => SpanTextSource.Answer,
            "user" or "human" => SpanTextSource.User,
            _ => null,
        };
        if (message.TryGetProperty("content"u8, out JsonElement content))
        {
            if (content.ValueKind == JsonValueKind.Array && source == SpanTextSource.User)
            {
                // Anthropic's own form has results of tools in what a user says.
                foreach (JsonElement part in content.EnumerateArray())
                    Add(IsType(part, "tool_result"u8) ? SpanTextSource.ToolResult : SpanTextSource.User, TextOf(part));
            }
            else if (source == SpanTextSource.ToolResult && isOutput)
            {
                results.Add(content);
            }
            else if (source is { } known)
            {
                Add(known, TextOf(content));
            }
        }

        if (isOutput && message.TryGetProperty("tool_calls"u8, out JsonElement calls) && calls.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement call in calls.EnumerateArray())
            {
                if (call.TryGetProperty("function"u8, out JsonElement function)
                    && function.TryGetProperty("arguments"u8, out JsonElement arguments))
                {
                    Add(SpanTextSource.ToolArguments, arguments.ValueKind == JsonValueKind.String
                        ? StringOf(arguments) : TextOf(arguments));
                }
            }
        }
    }

    private void Add(SpanTextSource source, object? content)
    {
        using JsonDocument? document = Parse(content);
        Add(source, content, document);
    }

    private void Add(SpanTextSource source, object? content, JsonDocument? document)
    {
        string? text = document is not null ? TextOf(document.RootElement) : content as string;
        if (!string.IsNullOrWhiteSpace(text))
            _texts.Add(new(_spanId, source, text.Length <= LongestText ? text : text[..LongestText]));
    }

    private static JsonDocument? Parse(object? content)
    {
        if (content is string text && (text.Length < 2 || text[0] is not ('{' or '[')))
            return null;

        try
        {
            byte[]? json = content is ContentValue value ? value.ToUtf8() : content is string some ? Encoding.UTF8.GetBytes(some) : null;
            return json is null ? null : JsonDocument.Parse(json, DocumentOptions);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Returns the texts and numbers of a value, with the names of what they are the values of.</summary>
    private static string TextOf(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
            return StringOf(value);

        StringBuilder text = new();
        Append(text, value);
        return text.ToString();
    }

    private static void Append(StringBuilder text, JsonElement value)
    {
        if (text.Length > LongestText)
            return;

        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                text.Append(StringOf(value)).Append('\n');
                break;
            case JsonValueKind.Number:
                text.Append(value.GetRawText()).Append('\n');
                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in value.EnumerateArray())
                    Append(text, item);
                break;
            case JsonValueKind.Object when IsType(value, "blob"u8):
                break;
            case JsonValueKind.Object when IsType(value, "text"u8)
                && (value.TryGetProperty("text"u8, out JsonElement inner) || value.TryGetProperty("content"u8, out inner)):
                Append(text, inner);
                break;
            case JsonValueKind.Object:
                foreach (JsonProperty property in value.EnumerateObject())
                {
                    text.Append(property.Name).Append(": ");
                    Append(text, property.Value);
                }

                break;
        }
    }

    private static bool IsType(JsonElement part, ReadOnlySpan<byte> type) => part.ValueKind == JsonValueKind.Object
        && part.TryGetProperty("type"u8, out JsonElement name) && name.ValueKind == JsonValueKind.String && name.ValueEquals(type);

    private static string StringOf(JsonElement text)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            return text.GetRawText();
        }
    }
}
