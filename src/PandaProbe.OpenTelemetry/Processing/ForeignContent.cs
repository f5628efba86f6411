using System.Collections;
using System.Diagnostics;
using PandaProbe.Content;
using PandaProbe.Conventions;
using PandaProbe.Diagnostics;
using PandaProbe.Runtime;
using PandaProbe.Values;

namespace PandaProbe.Processing;

/// <summary>
/// Applies the content policy to spans of other libraries as <see cref="TextTable"/> says: to their content, and, without
/// <see cref="ContentPolicy.Capture"/> or with a redactor, to their errors, their events and what nobody here knows.
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
            if (kind == TextKind.Content || (policy.IsStrict && kind != TextKind.Label && MayHoldText(tag.Value)))
                (names ??= []).Add(tag.Key);
        }

        foreach (string name in names ?? [])
            Apply(activity, policy, name);
        if (policy.IsStrict)
            ApplyToErrors(activity, policy, isAI: true);
    }

    /// <summary>Applies the policy to the status, the events and the links of a span.</summary>
    /// <param name="activity">The span.</param>
    /// <param name="policy">A strict policy.</param>
    /// <param name="isAI">Whether what nobody here knows may be content. On the span of a web request it is not.</param>
    public static void ApplyToErrors(Activity activity, ContentPolicy policy, bool isAI)
    {
        if (activity.StatusDescription is { } description)
            activity.SetStatus(activity.Status, Masked(policy, description));
        if (!SpanLists.TryChange(activity, new Change(policy, isAI)))
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

    private static string? Masked(ContentPolicy policy, string error) => policy.Capture ? policy.Redact(error, "error") : null;

    // What is masked already, because this comes after Apply.
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

        if (TextTable.KindOf(name) != TextKind.Content)
        {
            activity.SetTag(name, Redacted(policy, name, value));
            return;
        }

        string text = JsonValue.TextOf(value);
        if (policy.Redacts || text.Length > policy.MaxLength)
        {
            string applied = policy.ApplyToJson(text, name, out bool shortened);
            activity.SetTag(name, applied);
            if (shortened && (name is GenAI.Input.Messages or GenAI.Output.Messages))
            {
                ContentTags.NoteOriginalLength(
                    activity, name is GenAI.Input.Messages ? ContentTags.Direction.Input : ContentTags.Direction.Output, text.Length);
            }
        }
    }

    private static object Redacted(ContentPolicy policy, string name, object value)
    {
        switch (value)
        {
            case string?[] texts:
                return Array.ConvertAll(texts, text => text is null ? null : policy.Redact(text, name));
            case string and not ['{' or '[', ..] and var plain:
                return policy.Redact(plain, name);
            default:
                return policy.ApplyToJson(
                    value is Array ? ContentSerializer.SerializeUntyped(value) : JsonValue.TextOf(value), name, out _);
        }
    }

    private static bool MayHoldText(object? value) => value is not (null or bool or Enum or int or long or short or byte or sbyte
        or ushort or uint or ulong or float or double or decimal
        or bool[] or int[] or long[] or short[] or byte[] or float[] or double[] or decimal[]);

    private sealed class Change(ContentPolicy policy, bool isAI) : TextChange
    {
        public override object? Value(string attribute, object? value)
        {
            TextKind kind = TextTable.KindOf(attribute);
            if (kind == TextKind.Label || (kind == TextKind.Unknown && !isAI) || !MayHoldText(value))
                return value;

            return policy.Capture ? Redacted(policy, attribute, value!) : null;
        }
    }
}
