using System.Diagnostics;
using PandaProbe.Conventions;
using PandaProbe.Runtime;
using PandaProbe.Values;

namespace PandaProbe.Content;

/// <summary>Where the input and the output of a span go, by the kind of the span and the kind of the value.</summary>
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

        text = policy.Redact(text, Name(direction));
        if (text.Length > policy.MaxLength)
        {
            NoteOriginalLength(activity, direction, text.Length);
            text = JsonText.Cut(text, policy.MaxLength);
        }

        SetValue(activity, kind, direction, text, General.MimeTypes.Text);
    }

    /// <summary>Takes ownership of <paramref name="messages"/>.</summary>
    public static void SetMessages(Activity activity, ProbeSpanKind? kind, Direction direction, ProbeMessage[] messages)
    {
        ContentPolicy policy = ContentPolicy.Current;
        if (!policy.Capture)
            return;

        ApplyPolicy(activity, direction, messages, policy);
        if (kind != ProbeSpanKind.Llm)
        {
            SetValue(activity, kind, direction, new MessagesContent(messages, MessagesContent.Shape.Messages), General.MimeTypes.Json);
        }
        else if (direction == Direction.Input)
        {
            activity.SetTag(GenAI.Input.Messages, new MessagesContent(messages, MessagesContent.Shape.InputParts));
        }
        else
        {
            MessagesContent content = new(messages, MessagesContent.Shape.OutputParts);
            if (activity.GetTagItem(GenAI.Response.FinishReasons) is string[] { Length: > 0 } reasons)
                content.FinishReason = reasons[0];
            activity.SetTag(GenAI.Output.Messages, content);
        }
    }

    public static void SetJson(Activity activity, ProbeSpanKind? kind, Direction direction, string json)
    {
        ContentPolicy policy = ContentPolicy.Current;
        if (!policy.Capture)
            return;

        int originalLength = json.Length;
        json = policy.ApplyToJson(json, Name(direction), out bool shortened);
        if (shortened)
            NoteOriginalLength(activity, direction, originalLength);
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
        List<ProbeMessage> copy = [];
        try
        {
            // A sequence may have no end.
            long room = 4L * ContentPolicy.Current.MaxLength;
            using IEnumerator<ProbeMessage> each = messages.GetEnumerator();
            while (room > 0 && each.MoveNext())
            {
                copy.Add(each.Current);
                room -= MessageOverhead + (each.Current.Content?.Length ?? 0);
            }
        }
        catch (Exception exception)
        {
            SetJson(activity, kind, direction, ContentSerializer.Replace(messages.GetType(), exception));
            return;
        }

        SetMessages(activity, kind, direction, [.. copy]);
    }

    public static void NoteOriginalLength(Activity activity, Direction direction, int length) =>
        activity.SetTag(PrefixedNames.Metadata[direction == Direction.Input ? "input_original_length" : "output_original_length"], Boxes.Integer(length));

    private static void SetValue(Activity activity, ProbeSpanKind? kind, Direction direction, object value, string mimeType)
    {
        bool input = direction == Direction.Input;
        activity.SetTag(input ? General.Input.Value : General.Output.Value, value);
        activity.SetTag(input ? General.Input.MimeType : General.Output.MimeType, mimeType);
        if (kind == ProbeSpanKind.Tool)
            activity.SetTag(input ? GenAI.Tool.Call.Arguments : GenAI.Tool.Call.Result, value);
    }

    private static void ApplyPolicy(Activity activity, Direction direction, ProbeMessage[] messages, ContentPolicy policy)
    {
        if (policy.Redacts)
        {
            for (int i = 0; i < messages.Length; i++)
                messages[i] = messages[i] with { Content = policy.Redact(messages[i].Content ?? "", Name(direction)) };
        }

        long total = 0;
        foreach (ProbeMessage message in messages)
            total += message.Content?.Length ?? 0;
        if (total <= policy.MaxLength)
            return;

        NoteOriginalLength(activity, direction, (int)Math.Min(total, int.MaxValue));
        int limit = JsonText.Limit([.. messages.Select(message => message.Content?.Length ?? 0)], policy.MaxLength);
        for (int i = 0; i < messages.Length; i++)
            messages[i] = messages[i] with { Content = JsonText.Cut(messages[i].Content ?? "", limit) };
    }

    private static string Name(Direction direction) => direction == Direction.Input ? "input" : "output";
}
