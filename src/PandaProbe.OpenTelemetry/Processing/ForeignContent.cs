using System.Collections;
using System.Diagnostics;
using PandaProbe.Content;
using PandaProbe.Conventions;
using PandaProbe.Diagnostics;
using PandaProbe.Runtime;
using PandaProbe.Values;

namespace PandaProbe.Processing;

/// <summary>
/// Applies the content policy to spans of other libraries as <see cref="TextTable"/> says: shortens their content, and, without
/// <see cref="ContentPolicy.Capture"/>, removes it with their errors, their events and what nobody here knows.
/// <para>
/// It runs on the thread that ends the span: the processors after this one belong to anybody, and read the span at once.
/// </para>
/// </summary>
internal static class ForeignContent
{
    public static void Apply(Activity activity, ContentPolicy policy)
    {
        // The names are collected first, because tags must not change while they are enumerated.
        List<string>? names = null;
        foreach (ref readonly KeyValuePair<string, object?> tag in activity.EnumerateTagObjects())
        {
            TextKind kind = TextTable.KindOf(tag.Key);
            if (kind == TextKind.Content || (!policy.Capture && kind != TextKind.Label && MayHoldText(tag.Value)))
                (names ??= []).Add(tag.Key);
        }

        foreach (string name in names ?? [])
            Apply(activity, policy, name);
        if (!policy.Capture)
            RemoveErrors(activity, isAI: true);
    }

    /// <summary>Removes what the status, the events and the links of a span say.</summary>
    /// <param name="activity">The span.</param>
    /// <param name="isAI">Whether what nobody here knows may be content. On the span of a web request it is not.</param>
    public static void RemoveErrors(Activity activity, bool isAI)
    {
        if (activity.StatusDescription is not null)
            activity.SetStatus(activity.Status, null);
        if (!SpanLists.TryChange(activity, new Removal(isAI)))
        {
            UnsafeSpan.Drop(activity);
            PandaProbeEventSource.Log.RedactionFailed("events", "They cannot be replaced in this version of .NET.");
        }
    }

    /// <summary>Describes a failed span that has no description, by its exception or by the type of its error.</summary>
    public static void DescribeError(Activity activity, ContentPolicy policy)
    {
        if (activity.Status == ActivityStatusCode.Error && string.IsNullOrEmpty(activity.StatusDescription))
            ErrorTags.Fail(activity, policy.Capture ? ExceptionMessage(activity) : null);
    }

    private static string? ExceptionMessage(Activity activity)
    {
        foreach (ref readonly ActivityEvent recorded in activity.EnumerateEvents())
        {
            if (recorded.Name != General.Exception.EventName)
                continue;

            foreach (ref readonly KeyValuePair<string, object?> tag in recorded.EnumerateTagObjects())
            {
                if (tag.Key == General.Exception.Message && tag.Value is string { Length: > 0 } message)
                    return message;
            }
        }

        return null;
    }

    private static void Apply(Activity activity, ContentPolicy policy, string name)
    {
        if (activity.GetTagItem(name) is not { } value)
            return;

        if (!policy.Capture)
        {
            activity.SetTag(name, null);
            return;
        }

        if (!MayHoldText(value) && value is IEnumerable)
            return;

        string text = JsonValue.TextOf(value);
        if (text.Length <= policy.MaxLength)
            return;

        if (!policy.Redacts)
            activity.SetTag(name, JsonText.Shorten(text, policy.MaxLength));
        if (name is GenAI.Input.Messages or GenAI.Output.Messages)
        {
            ContentTags.NoteOriginalLength(
                activity, name is GenAI.Input.Messages ? ContentTags.Direction.Input : ContentTags.Direction.Output, text.Length);
        }
    }

    private static bool MayHoldText(object? value) => value is not (null or bool or Enum or int or long or short or byte or sbyte
        or ushort or uint or ulong or float or double or decimal
        or bool[] or int[] or long[] or short[] or byte[] or float[] or double[] or decimal[]);

    /// <summary>Whether a redactor or a ban on content is about an attribute.</summary>
    /// <param name="attribute">The attribute.</param>
    /// <param name="value">Its value.</param>
    /// <param name="isAI">Whether the span is about AI, so that what nobody here knows may be content.</param>
    public static bool IsText(string attribute, object? value, bool isAI) =>
        TextTable.KindOf(attribute) is var kind && kind != TextKind.Label && (kind != TextKind.Unknown || isAI) && MayHoldText(value);

    private sealed class Removal(bool isAI) : TextChange
    {
        public override object? Value(string attribute, object? value) => IsText(attribute, value, isAI) ? null : value;
    }
}
