using System.Runtime.InteropServices;
using System.Text.Json;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Logs.V1;
using OpenTelemetry.Proto.Trace.V1;

namespace PandaProbe.Local.Reading;

/// <summary>The attributes of a span as the readers of the vocabularies ask for them. Remembers which ones were asked for.</summary>
internal sealed class SpanFields
{
    private readonly Dictionary<string, Field> _fields;

    public SpanFields(Span span, string scope, IReadOnlyList<LogRecord> logs, IReadOnlyCollection<KeyValue>? attributes = null)
    {
        Span = span;
        Scope = scope;
        Logs = logs;
        attributes ??= span.Attributes;
        _fields = new(attributes.Count, StringComparer.Ordinal);
        foreach (KeyValue attribute in attributes)
        {
            // The first one wins, as the specification wants keys to be unique.
            if (attribute.Value is not null)
                _fields.TryAdd(attribute.Key, new(attribute.Value, false));
        }
    }

    public Span Span { get; }

    /// <summary>Gets the name of the instrumentation scope; empty when there is none.</summary>
    public string Scope { get; }

    /// <summary>Gets the log records with this span's id.</summary>
    public IReadOnlyList<LogRecord> Logs { get; }

    /// <summary>Gets the names of the attributes that no reader asked for.</summary>
    public IEnumerable<string> Rest => _fields.Where(static pair => !pair.Value.IsRead).Select(static pair => pair.Key);

    public AnyValue? Value(string name)
    {
        ref Field field = ref CollectionsMarshal.GetValueRefOrNullRef(_fields, name);
        if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref field))
            return null;

        field = field with { IsRead = true };
        return field.Value;
    }

    public bool Has(string name) => _fields.ContainsKey(name);

    public bool HasUnder(string prefix)
    {
        foreach (string name in _fields.Keys)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    /// <summary>Returns the attributes whose name begins with the prefix, by what follows it.</summary>
    public IEnumerable<(string Key, AnyValue Value)> Under(string prefix)
    {
        foreach (string name in _fields.Keys)
        {
            if (name.Length > prefix.Length && name.StartsWith(prefix, StringComparison.Ordinal))
                yield return (name[prefix.Length..], Value(name)!);
        }
    }

    /// <summary>Returns the text of the first attribute that has one.</summary>
    public string? Text(params ReadOnlySpan<string> names)
    {
        string? found = null;
        foreach (string name in names)
        {
            if (Value(name) is { } value && found is null && value.Text() is { Length: > 0 } text)
                found = text;
        }

        return found;
    }

    public long? Integer(params ReadOnlySpan<string> names)
    {
        long? found = null;
        foreach (string name in names)
        {
            if (Value(name) is { } value)
                found ??= value.Integer();
        }

        return found;
    }

    /// <summary>Returns what is known already, otherwise the text of the first attribute that has one.</summary>
    public string? TextOr(string? known, params ReadOnlySpan<string> names)
    {
        string? found = Text(names);
        return known ?? found;
    }

    /// <summary>Returns what is known already, otherwise the first attribute that is an integer.</summary>
    public long? IntegerOr(long? known, params ReadOnlySpan<string> names)
    {
        long? found = Integer(names);
        return known ?? found;
    }

    public double? Number(params ReadOnlySpan<string> names)
    {
        double? found = null;
        foreach (string name in names)
        {
            if (Value(name) is { } value)
                found ??= value.Number();
        }

        return found;
    }

    public bool? Flag(string name) => Value(name)?.Flag();

    public IReadOnlyList<string> Texts(params ReadOnlySpan<string> names)
    {
        IReadOnlyList<string> found = [];
        foreach (string name in names)
        {
            if (Value(name) is { } value && found.Count == 0)
                found = value.Texts();
        }

        return found;
    }

    /// <summary>Returns the first attribute that is an object or array, structured or as JSON text.</summary>
    public JsonElement? Json(params ReadOnlySpan<string> names)
    {
        JsonElement? found = null;
        foreach (string name in names)
        {
            if (Value(name) is { } value)
                found ??= value.Json();
        }

        return found;
    }

    /// <summary>
    /// Returns the messages that are known already, otherwise those of the first attribute that has any. A text that is not JSON is one
    /// message.
    /// </summary>
    public IReadOnlyList<ReadMessage> Messages(IReadOnlyList<ReadMessage> known, string role, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (Value(name) is { } value && known.Count == 0)
                known = MessageReader.Read(value, role);
        }

        return known;
    }

    /// <summary>The attributes of an event or log record of this span, read by the same names.</summary>
    public SpanFields Of(IReadOnlyCollection<KeyValue> attributes) => new(Span, Scope, Logs, attributes);

    /// <summary>Returns attributes with numbered names, such as <c>gen_ai.prompt.0.role</c>, as a JSON array.</summary>
    public JsonElement? Flat(string prefix)
    {
        List<(string Key, AnyValue Value)>? numbered = null;
        foreach (string name in _fields.Keys)
        {
            if (name.Length > prefix.Length && char.IsAsciiDigit(name[prefix.Length]) && name.StartsWith(prefix, StringComparison.Ordinal))
                (numbered ??= []).Add((name[prefix.Length..], Value(name)!));
        }

        return numbered is null ? null : FlatKeys.ToJson(numbered);
    }

    /// <summary>Returns the messages that are known already, otherwise those under numbered names.</summary>
    public IReadOnlyList<ReadMessage> FlatMessages(IReadOnlyList<ReadMessage> known, string role, string prefix) =>
        Flat(prefix) is { } json && known.Count == 0 ? MessageReader.Read(json, role) : known;

    /// <summary>Notes that attributes are understood and say nothing that the result has a place for.</summary>
    public void Skip(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
            Value(name);
    }

    private readonly record struct Field(AnyValue Value, bool IsRead);
}
