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
    private Field[]? _more;
    private int _count;
    private readonly IEnumerable? _source;

    private ProbeFields(IEnumerable? source) => _source = source;

    /// <summary>Sets a value. A later value for the same key wins; an empty key is ignored.</summary>
    /// <param name="key">The name of the field.</param>
    public ProbeValue this[string key]
    {
        set
        {
            if (ProbeSource.Instance.HasListeners() || Instruments.AreEnabled)
                Store(key, value);
        }
    }

    /// <summary>Adds a value: what <c>new() { { "key", value } }</c> calls.</summary>
    public void Add(string key, ProbeValue value) => this[key] = value;

    /// <summary>The fields of a dictionary. Nested objects become JSON.</summary>
#nullable disable // so that dictionaries of object and of object? convert alike
    public static implicit operator ProbeFields(Dictionary<string, object> fields) => new(fields);
#nullable restore

    /// <summary>The fields of a dictionary.</summary>
    public static implicit operator ProbeFields(Dictionary<string, string>? fields) => new(fields);

    /// <summary>The fields of a dictionary.</summary>
    public static implicit operator ProbeFields(Dictionary<string, int>? fields) => new(fields);

    /// <summary>The fields of a dictionary.</summary>
    public static implicit operator ProbeFields(Dictionary<string, long>? fields) => new(fields);

    /// <summary>The fields of a dictionary.</summary>
    public static implicit operator ProbeFields(Dictionary<string, double>? fields) => new(fields);

    /// <summary>The fields of a dictionary.</summary>
    public static implicit operator ProbeFields(Dictionary<string, decimal>? fields) => new(fields);

    /// <summary>The fields of anything that yields pairs: an interface of a dictionary, a query.</summary>
    public static ProbeFields From(IEnumerable<KeyValuePair<string, object?>>? fields) => new(fields);

    internal readonly bool IsEmpty => _count == 0 && _source is null;

    /// <summary>The fields, in the order in which they were set.</summary>
    public readonly IEnumerator<KeyValuePair<string, ProbeValue>> GetEnumerator()
    {
        for (int i = 0; i < _count; i++)
            yield return this[i];

        switch (_source)
        {
            case IEnumerable<KeyValuePair<string, object?>> objects:
                foreach (var (key, value) in objects)
                    yield return new(key, ProbeValue.FromObject(value));
                break;
            case Dictionary<string, string> texts:
                foreach (var (key, value) in texts)
                    yield return new(key, value);
                break;
            case Dictionary<string, int> numbers:
                foreach (var (key, value) in numbers)
                    yield return new(key, value);
                break;
            case Dictionary<string, long> numbers:
                foreach (var (key, value) in numbers)
                    yield return new(key, value);
                break;
            case Dictionary<string, double> numbers:
                foreach (var (key, value) in numbers)
                    yield return new(key, value);
                break;
            case Dictionary<string, decimal> numbers:
                foreach (var (key, value) in numbers)
                    yield return new(key, value);
                break;
        }
    }

    readonly IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>How many fields were set one by one. Those of a dictionary only come through <see cref="GetEnumerator"/>.</summary>
    internal readonly int Count => _count;

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

    internal readonly KeyValuePair<string, ProbeValue> this[int index] => index switch
    {
        0 => _first,
        1 => _second,
        _ => new(_more![index - 2].Key!, _more[index - 2].Value),
    };

    private void Store(string key, ProbeValue value)
    {
        if (string.IsNullOrEmpty(key))
            return;

        for (int i = 0; i < _count; i++)
        {
            if (this[i].Key == key)
            {
                Put(i, new(key, value));
                return;
            }
        }

        Put(_count, new(key, value));
        _count++;
    }

    private void Put(int index, KeyValuePair<string, ProbeValue> field)
    {
        switch (index)
        {
            case 0:
                _first = field;
                return;
            case 1:
                _second = field;
                return;
        }

        // Copies of the struct share the array. A place in it belongs to who took it first; whoever comes later goes on with an array of its own.
        if (_more is null)
            _more = new Field[4];
        else if (index - 2 == _more.Length)
            Array.Resize(ref _more, _more.Length * 2);
        else if (Interlocked.CompareExchange(ref _more[index - 2].Key, field.Key, null) is not null)
            _more = CopyOf(_more, _count - 2);
        _more[index - 2] = new() { Key = field.Key, Value = field.Value };
    }

    private static Field[] CopyOf(Field[] fields, int count)
    {
        var copy = new Field[fields.Length];
        Array.Copy(fields, copy, count);
        return copy;
    }

    private struct Field
    {
        public string? Key;
        public ProbeValue Value;
    }
}
