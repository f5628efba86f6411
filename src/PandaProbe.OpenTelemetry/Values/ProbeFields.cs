using System.Collections;
using PandaProbe.Conventions;
using PandaProbe.Diagnostics;

namespace PandaProbe;

/// <summary>
/// Represents named values: metadata, model parameters, token counts or parts of a cost. Write <c>new() { ["key"] = value }</c>, or pass a
/// <see cref="Dictionary{TKey, TValue}"/> with text keys. While no traces or metrics are collected, setting a value stores and allocates
/// nothing.
/// </summary>
/// <example>
/// <code>
/// span.SetModelParameters(new() { ["temperature"] = 0.7, ["max_tokens"] = 1000 });
/// </code>
/// </example>
public struct ProbeFields : IEnumerable<KeyValuePair<string, ProbeValue>>
{
    // Most calls set one or two fields. The struct holds these, so that they allocate nothing.
    private KeyValuePair<string, ProbeValue> _first;
    private KeyValuePair<string, ProbeValue> _second;

    // Copies of the struct share the array, so it is replaced and never changed.
    private KeyValuePair<string, ProbeValue>[]? _more;
    private readonly IEnumerable? _source;

    private ProbeFields(IEnumerable? source) => _source = source;

    /// <summary>
    /// Sets a value. Setting a key again replaces its value. An empty key is ignored. <see langword="null"/> is stored as a value.
    /// </summary>
    /// <param name="key">The name of the field.</param>
    public ProbeValue? this[string key]
    {
        set
        {
            if (ProbeSource.Instance.HasListeners() || Instruments.AreEnabled)
                Store(key, value.GetValueOrDefault());
        }
    }

    /// <summary>Sets a value, for <c>new() { { "key", value } }</c>.</summary>
    public void Add(string key, ProbeValue? value) => this[key] = value;

    /// <summary>Wraps a dictionary. Objects become JSON. <see langword="null"/> counts as empty.</summary>
#nullable disable // so that dictionaries of object and of object? convert alike
    public static implicit operator ProbeFields(Dictionary<string, object> fields) => new(fields);
#nullable restore

    /// <summary>Wraps a dictionary. <see langword="null"/> counts as empty.</summary>
    public static implicit operator ProbeFields(Dictionary<string, string>? fields) => new(fields);

    /// <summary>Wraps a dictionary. <see langword="null"/> counts as empty.</summary>
    public static implicit operator ProbeFields(Dictionary<string, int>? fields) => new(fields);

    /// <summary>Wraps a dictionary. <see langword="null"/> counts as empty.</summary>
    public static implicit operator ProbeFields(Dictionary<string, long>? fields) => new(fields);

    /// <summary>Wraps a dictionary. <see langword="null"/> counts as empty.</summary>
    public static implicit operator ProbeFields(Dictionary<string, double>? fields) => new(fields);

    /// <summary>Wraps a dictionary. <see langword="null"/> counts as empty.</summary>
    public static implicit operator ProbeFields(Dictionary<string, decimal>? fields) => new(fields);

    /// <summary>
    /// Wraps a sequence of pairs, such as a dictionary's interface or a query. Objects become JSON. <see langword="null"/> counts as empty.
    /// </summary>
    public static ProbeFields From(IEnumerable<KeyValuePair<string, object?>>? fields) => new(fields);

    internal readonly bool IsEmpty => Count == 0 && _source is null;

    /// <summary>
    /// Gets the number of fields that were set one by one. <see cref="GetEnumerator"/> also returns those of a dictionary.
    /// </summary>
    internal readonly int Count => _first.Key is null ? 0 : _second.Key is null ? 1 : 2 + (_more?.Length ?? 0);

    /// <summary>Gets the field at this index among those that were set one by one.</summary>
    internal readonly KeyValuePair<string, ProbeValue> this[int index] => index switch
    {
        0 => _first,
        1 => _second,
        _ => _more![index - 2],
    };

    /// <summary>Returns the fields in the order in which they were set.</summary>
    public readonly IEnumerator<KeyValuePair<string, ProbeValue>> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
            yield return this[i];

        if (_source is IEnumerable<KeyValuePair<string, object?>> objects)
        {
            foreach ((string? key, object? value) in objects)
                yield return new(key, ProbeValue.FromObject(value));
        }
        else if (_source is IDictionary dictionary)
        {
            foreach (DictionaryEntry entry in dictionary)
                yield return new((string)entry.Key, ProbeValue.FromObject(entry.Value));
        }
    }

    readonly IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>
    /// Returns the fields of the wrapped dictionary or sequence, up to the first failure: a dictionary may change meanwhile, a query may
    /// throw.
    /// </summary>
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

    private static KeyValuePair<string, ProbeValue>[] With(
        KeyValuePair<string, ProbeValue>[] fields, KeyValuePair<string, ProbeValue> field)
    {
        int at = Array.FindIndex(fields, known => known.Key == field.Key);
        if (at < 0)
            return [.. fields, field];

        KeyValuePair<string, ProbeValue>[] copy = [.. fields];
        copy[at] = field;
        return copy;
    }
}
