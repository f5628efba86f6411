using System.Collections;
using PandaProbe.Conventions;
using PandaProbe.Diagnostics;
using PandaProbe.Runtime;
using PandaProbe.Values;

namespace PandaProbe.Processing;

/// <summary>
/// Gives the texts of one span to the redactors of a policy, and then shortens content. A text that stands under several names is redacted
/// once.
/// </summary>
internal sealed class Redaction(ContentPolicy policy)
{
    private readonly Dictionary<object, object> _known = new(ReferenceEqualityComparer.Instance);

    public string Text(string text, string field)
    {
        if (_known.TryGetValue(text, out object? known))
            return (string)known;

        string redacted = policy.Redact(text, field);
        _known[text] = redacted;
        return redacted;
    }

    /// <param name="content">Content that is serialised on demand.</param>
    /// <param name="field">What it is.</param>
    /// <param name="mask">Comes before the redactors, text by text.</param>
    public object Value(ContentValue content, string field, Func<string, string> mask)
    {
        if (!_known.TryGetValue(content, out object? redacted))
            _known[content] = redacted = content.Applied(policy.After(mask), field);
        return redacted;
    }

    /// <summary>Redacts a value that is text, or holds text.</summary>
    public object? Value(string attribute, object? value, string field)
    {
        bool isContent = TextTable.KindOf(attribute) == TextKind.Content;
        switch (value)
        {
            case null:
                return null;
            case string?[] texts when !isContent:
                return Array.ConvertAll(texts, text => text is null ? null : Text(text, field));
            case string text when !isContent && text is not ['{' or '[', ..]:
                return Text(text, field);
            case string text:
                if (!_known.TryGetValue(text, out object? known))
                    _known[text] = known = policy.ApplyToJson(text, field);
                return known;
            default:
                return policy.ApplyToJson(Rendered(value), field);
        }
    }

    /// <summary>Returns the text of a value of the application.</summary>
    public static string Rendered(object value)
    {
        // The application's code may flush, which waits for this thread. A sequence may have no end: the serialiser stops at its budget.
        using (UserCode.Enter())
            return value is IEnumerable ? ContentSerializer.SerializeUntyped(value) : JsonValue.TextOf(value);
    }
}
