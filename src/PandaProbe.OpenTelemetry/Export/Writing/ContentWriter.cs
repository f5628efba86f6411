using System.Text;
using PandaProbe.Content;
using PandaProbe.Values;
using static PandaProbe.Export.Writing.MessageWriter;

namespace PandaProbe.Export.Writing;

/// <summary>Writes inputs and outputs: messages as PandaProbe has them, other JSON as it is, text as text.</summary>
internal sealed class ContentWriter
{
    private const int SmallestBudget = 256;

    private readonly MessageWriter _messages = new();

    /// <summary>The conversation of a call to a model.</summary>
    public void WriteMessages(Utf8Output output, object content, object? instructions, Select select)
    {
        if (content is MessagesContent messages && instructions is null)
        {
            if (!TryWrite(output, messages.Messages, select))
                TryWrite(output, messages.Messages, Select.All);
            return;
        }

        string json = ValueWriter.TextOf(content);
        if (!_messages.TryWrite(output, json, select, instructions) && !_messages.TryWrite(output, json, Select.All, instructions))
            WriteJson(output, json);
    }

    /// <summary>System instructions of a call whose messages are not known.</summary>
    public void WriteInstructions(Utf8Output output, object instructions)
    {
        output.Raw("{\"messages\":["u8);
        _messages.TryWriteInstructions(output, instructions);
        output.Raw("]}"u8);
    }

    /// <summary>What a step was given or gave back.</summary>
    public static void WriteValue(Utf8Output output, object content, bool isJson)
    {
        switch (content)
        {
            case MessagesContent messages:
                TryWrite(output, messages.Messages, Select.All);
                break;
            case ContentValue:
                WriteJson(output, content.ToString()!);
                break;
            case string text when isJson || text is ['{', .., '}'] or ['[', .., ']']:
                WriteJson(output, text);
                break;
            case string text:
                output.String(text);
                break;
            default:
                ValueWriter.Write(output, content);
                break;
        }
    }

    /// <summary>What a trace was asked, or what it answered: one message.</summary>
    public void WriteTraceValue(Utf8Output output, object content, bool isJson, Select select)
    {
        switch (content)
        {
            case MessagesContent messages:
                WriteMessages(output, messages, null, select);
                break;
            case string text when !isJson:
                TryWrite(output, [select == Select.LastUser ? ProbeMessage.User(text) : ProbeMessage.Assistant(text)], Select.All);
                break;
            case string or ContentValue:
                string json = content.ToString()!;
                if (!json.Contains("\"role\"", StringComparison.Ordinal) || !_messages.TryWrite(output, json, select))
                    WriteJson(output, json);
                break;
            default:
                ValueWriter.Write(output, content);
                break;
        }
    }

    /// <summary>Makes what was written since <paramref name="start"/> fit a budget of bytes, so that it stays JSON. The original size, or 0 if it fits.</summary>
    public static long Shorten(Utf8Output output, long start, int budget)
    {
        long size = output.Length - start;
        budget = Math.Max(budget, SmallestBudget);
        if (size <= budget)
            return 0;

        string json = Encoding.UTF8.GetString(output.ToArray().AsSpan((int)start));
        for (long length = json.Length * (long)budget / size; ; length /= 2)
        {
            string shorter = JsonText.Shorten(json, (int)Math.Max(length, 32));
            if (length <= 32 || Encoding.UTF8.GetByteCount(shorter) <= budget)
            {
                output.CutTo(start);
                output.Raw(shorter.AsSpan());
                return size;
            }
        }
    }

    private static void WriteJson(Utf8Output output, string json)
    {
        if (JsonScanner.IsJson(json))
            output.Raw(json.AsSpan());
        else
            output.String(json);
    }
}
