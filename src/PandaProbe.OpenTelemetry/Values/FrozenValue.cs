using System.Text.Json;

namespace PandaProbe.Values;

/// <summary>
/// Makes an immutable copy of a caller's value: scalars stay, JSON elements and dictionaries are copied, anything else becomes JSON.
/// </summary>
internal static class FrozenValue
{
    private const int MaxDepth = 64;

    public static object? Of(object? value) => Of(value, []);

    // The holders are the dictionaries around the value.
    private static object? Of(object? value, List<object> holders)
    {
        switch (value)
        {
            case RawJson:
                return value;
            case JsonElement element:
                // The document may return its memory to a pool before the element is written.
                return element.ValueKind == JsonValueKind.Undefined ? null : element.Clone();
            case not null when holders.Exists(holder => ReferenceEquals(holder, value)):
                // JsonSerializer also writes null for a cycle.
                return null;
            case IReadOnlyCollection<KeyValuePair<string, object?>> pairs when holders.Count < MaxDepth:
                return Pairs(pairs, pairs.Count, holders);
            case ICollection<KeyValuePair<string, object?>> pairs when holders.Count < MaxDepth:
                return Pairs(pairs, pairs.Count, holders);
            default:
                return JsonValue.TryScalar(value, out _) ? value : new RawJson(ContentSerializer.SerializeUntyped(value!));
        }
    }

    public static long LengthOf(object? value) => value switch
    {
        null => 0,
        string text => text.Length,
        RawJson json => json.Length,
        List<string> chunks => chunks.Sum(chunk => (long)chunk.Length),
        ReadOnlyMemory<byte> bytes => bytes.Length * 4L / 3,
        JsonElement element => RawJson.BytesOf(element).Length,
        KeyValuePair<string, object?>[] pairs => pairs.Sum(pair => pair.Key.Length + 4 + LengthOf(pair.Value)),
        _ => 8,
    };

    public static string ToJson(object? value) => new Lone(value).ToString();

    private static KeyValuePair<string, object?>[] Pairs(IEnumerable<KeyValuePair<string, object?>> pairs, int count, List<object> holders)
    {
        holders.Add(pairs);
        List<KeyValuePair<string, object?>> result = new(count);
        foreach ((string? key, object? value) in pairs)
            result.Add(new(key, Of(value, holders)));
        holders.RemoveAt(holders.Count - 1);
        return [.. result];
    }

    private sealed class Lone(object? value) : ContentValue
    {
        public override long Length => LengthOf(value);

        public override void WriteTo(Utf8JsonWriter writer) => JsonValue.Write(writer, value);
    }
}
