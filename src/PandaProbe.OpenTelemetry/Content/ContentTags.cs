using System.Diagnostics;
using PandaProbe.Conventions;
using PandaProbe.Runtime;
using PandaProbe.Values;

namespace PandaProbe.Content;

/// <summary>Chooses the tags for the input and the output of a span, by the kinds of span and value.</summary>
internal static class ContentTags
{
    private const int MessageOverhead = 16;

    internal enum Direction
    {
        Input,
        Output,
    }

    public static void SetText(Activity activity, ProbeSpanKind? kind, Direction direction, string? text)
    {
        ContentPolicy policy = ContentPolicy.Current;
        if (!policy.Capture || text is null)
            return;

        if (kind == ProbeSpanKind.Llm)
        {
            SetMessages(activity, kind, direction, [direction == Direction.Input ? ProbeMessage.User(text) : ProbeMessage.Assistant(text)]);
            return;
        }

        if (text.Length > policy.MaxLength)
            NoteOriginalLength(activity, direction, text.Length);
        SetValue(activity, kind, direction, policy.Record(text), General.MimeTypes.Text);
    }

    /// <summary>Copies the messages.</summary>
    public static void SetMessages(Activity activity, ProbeSpanKind? kind, Direction direction, ReadOnlySpan<ProbeMessage> messages)
    {
        if (!ContentPolicy.Current.Capture)
            return;

        var copy = new MessageContent[messages.Length];
        for (int i = 0; i < copy.Length; i++)
            copy[i] = MessageContent.Of(messages[i]);
        SetMessages(activity, kind, direction, copy);
    }

    public static void SetJson(Activity activity, ProbeSpanKind? kind, Direction direction, string json)
    {
        ContentPolicy policy = ContentPolicy.Current;
        if (!policy.Capture)
            return;

        if (json.Length > policy.MaxLength)
            NoteOriginalLength(activity, direction, json.Length);
        json = policy.RecordJson(json);
        if (kind == ProbeSpanKind.Llm)
            SetConversation(activity, direction, ConversationContent.OfJson(json, direction == Direction.Output));
        else
            SetValue(activity, kind, direction, json, General.MimeTypes.Json);
    }

    public static void SetObject(Activity activity, ProbeSpanKind? kind, Direction direction, object? value)
    {
        if (!ContentPolicy.Current.Capture)
            return;

        switch (value)
        {
            case null:
                break;
            case string text:
                SetText(activity, kind, direction, text);
                break;
            case ProbeMessage message:
                SetMessages(activity, kind, direction, [message]);
                break;
            case IEnumerable<ProbeMessage> messages:
                SetMessages(activity, kind, direction, messages);
                break;
            default:
                SetJson(activity, kind, direction, ContentSerializer.SerializeUntyped(value));
                break;
        }
    }

    private static void SetMessages(Activity activity, ProbeSpanKind? kind, Direction direction, IEnumerable<ProbeMessage> messages)
    {
        List<MessageContent> copy = [];
        try
        {
            // A sequence may be endless.
            long room = 4L * ContentPolicy.Current.MaxLength;
            using IEnumerator<ProbeMessage> each = messages.GetEnumerator();
            while (room > 0 && each.MoveNext())
            {
                copy.Add(MessageContent.Of(each.Current));
                room -= MessageOverhead + copy[^1].Length;
            }
        }
        catch (Exception exception)
        {
            SetJson(activity, kind, direction, ContentSerializer.Replace(messages.GetType(), exception));
            return;
        }

        SetMessages(activity, kind, direction, [.. copy]);
    }

    // Takes ownership of the messages.
    private static void SetMessages(Activity activity, ProbeSpanKind? kind, Direction direction, MessageContent[] messages)
    {
        if (ConversationContent.Record(ContentPolicy.Current, messages) is { } originalLength)
            NoteOriginalLength(activity, direction, (int)Math.Min(originalLength, int.MaxValue));

        if (kind != ProbeSpanKind.Llm)
        {
            SetValue(activity, kind, direction, new ConversationContent(messages, ConversationContent.Shape.Messages),
                General.MimeTypes.Json);
        }
        else
        {
            SetConversation(activity, direction, new(messages, isOutput: direction == Direction.Output));
        }
    }

    private static void SetConversation(Activity activity, Direction direction, ConversationContent content)
    {
        if (direction == Direction.Output && activity.GetTagItem(GenAI.Response.FinishReasons) is string[] { Length: > 0 } reasons)
            content.FinishReason = reasons[0];
        activity.SetTag(direction == Direction.Input ? GenAI.Input.Messages : GenAI.Output.Messages, content);
    }

    public static void NoteOriginalLength(Activity activity, Direction direction, int length) =>
        activity.SetTag(PrefixedNames.Metadata[direction == Direction.Input ? "input_original_length" : "output_original_length"],
            Boxes.Integer(length));

    private static void SetValue(Activity activity, ProbeSpanKind? kind, Direction direction, object value, string mimeType)
    {
        bool input = direction == Direction.Input;
        activity.SetTag(input ? General.Input.Value : General.Output.Value, value);
        activity.SetTag(input ? General.Input.MimeType : General.Output.MimeType, mimeType);
        if (kind == ProbeSpanKind.Tool)
            activity.SetTag(input ? GenAI.Tool.Call.Arguments : GenAI.Tool.Call.Result, value);
        else if (kind == ProbeSpanKind.Retriever && input && mimeType == General.MimeTypes.Text)
            activity.SetTag(GenAI.Retrieval.QueryText, value);
    }
}
