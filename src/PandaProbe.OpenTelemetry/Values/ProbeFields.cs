using System.Collections;
using PandaProbe.Conventions;
using PandaProbe.Diagnostics;

namespace PandaProbe;

/// <summary>
/// Named values for metadata, model parameters, token counts and parts of a cost: write <c>new() { ["key"] = value }</c>, or pass any
/// <see cref="Dictionary{TKey, TValue}"/> with text keys. While nobody listens to traces, filling one stores and allocates nothing.
/// </summary>
/// <example>
/// <code>
/// span.SetModelParameters(new() { ["temperature"] = 0.7, ["max_tokens"] = 1000 });
/// </code>
/// </example>
public struct ProbeFields : IEnumerable<KeyValuePair<string, ProbeValue>>
{
    // Most calls set one or two fields: these live in the struct, so that a call allocates nothing for them.
    private KeyValuePair<string, ProbeValue> _first;
    private KeyValuePair<string, ProbeValue> _second;

    // Never changed, only replaced: copies of the struct share it.
    private KeyValuePair<string, ProbeValue>[]? _more;
    private readonly IEnumerable? _source;

    private ProbeFields(IEnumerable? source) => _source = source;

    /// <summary>Sets a value. A later value for the same key wins; an empty key is ignored; <see langword="null"/> is a value, too.</summary>
    /// <param name="key">The name of the field.</param>
    public ProbeValue? this[string key]
    {
        set
        {
            if (ProbeSource.Instance.HasListeners() || Instruments.AreEnabled)
                Store(key, value.GetValueOrDefault());
        }
    }

    /// <summary>Adds a value: what <c>new() { { "key", value } }</c> calls.</summary>
    public void Add(string key, ProbeValue? value) => this[key] = value;

    /// <summary>Takes the fields of a dictionary. Nested objects become JSON.</summary>
#nullable disable // so that dictionaries of object and of object? convert alike
    public static implicit operator ProbeFields(Dictionary<string, object> fields) => new(fields);
#nullable restore

    /// <summary>Takes the fields of a dictionary.</summary>
    public static implicit operator ProbeFields(Dictionary<string, string>? fields) => new(fields);

    /// <summary>Takes the fields of a dictionary.</summary>
    public static implicit operator ProbeFields(Dictionary<string, int>? fields) => new(fields);

    /// <summary>Takes the fields of a dictionary.</summary>
    public static implicit operator ProbeFields(Dictionary<string, long>? fields) => new(fields);

    /// <summary>Takes the fields of a dictionary.</summary>
    public static implicit operator ProbeFields(Dictionary<string, double>? fields) => new(fields);

    /// <summary>Takes the fields of a dictionary.</summary>
    public static implicit operator ProbeFields(Dictionary<string, decimal>? fields) => new(fields);

    /// <summary>Takes the fields of anything that yields pairs: an interface of a dictionary, a query.</summary>
    public static ProbeFields From(IEnumerable<KeyValuePair<string, object?>>? fields) => new(fields);

    internal readonly bool IsEmpty => Count == 0 && _source is null;

    /// <summary>How many fields were set one by one. Those of a dictionary only come through <see cref="GetEnumerator"/>.</summary>
    internal readonly int Count => _first.Key is null ? 0 : _second.Key is null ? 1 : 2 + (_more?.Length ?? 0);

    /// <summary>The field that was set at this place.</summary>
    internal readonly KeyValuePair<string, ProbeValue> this[int index] => index switch
    {
        0 => _first,
        1 => _second,
        _ => _more![index - 2],
    };

    /// <summary>Gets the fields, in the order in which they were set.</summary>
    public readonly IEnumerator<KeyValuePair<string, ProbeValue>> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
            yield return this[i];

        if (_source is IEnumerable<KeyValuePair<string, object?>> objects)
        {
            foreach (var (key, value) in objects)
                yield return new(key, ProbeValue.FromObject(value));
        }
        else if (_source is IDictionary dictionary)
        {
            foreach (DictionaryEntry entry in dictionary)
                yield return new((string)entry.Key, ProbeValue.FromObject(entry.Value));
        }
    }

    readonly IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The fields that came from elsewhere, as far as they can be read: a dictionary may change meanwhile, a query may fail.</summary>
    internal readonly KeyValuePair<string, ProbeValue>[] ReadSource()
    {
        if (_source is null)
            return [];

        List<KeyValuePair<string, ProbeValue>> fields = [];
        try
        {
            foreach (KeyValuePair<string, ProbeValue> field in new ProbeFields(_source))
            {
                if (!string.IsNullOrEmpty(field.Key))
                    fields.Add(field);
            }
        }
        catch (Exception exception)
        {
            PandaProbeEventSource.Log.TelemetryFailed("reading fields", exception);
        }

        return [.. fields];
    }

    private void Store(string key, in ProbeValue value)
    {
        if (string.IsNullOrEmpty(key))
            return;

        KeyValuePair<string, ProbeValue> field = new(key, value);
        if (_first.Key is null || _first.Key == key)
        {
            _first = field;
        }
        else if (_second.Key is null || _second.Key == key)
        {
            _second = field;
        }
        else
        {
            _more = With(_more ?? [], field);
        }
    }

    private static KeyValuePair<string, ProbeValue>[] With(KeyValuePair<string, ProbeValue>[] fields, KeyValuePair<string, ProbeValue> field)
    {
        int at = Array.FindIndex(fields, known => known.Key == field.Key);
        if (at < 0)
            return [.. fields, field];

        KeyValuePair<string, ProbeValue>[] copy = [.. fields];
        copy[at] = field;
        return copy;
    }
}
