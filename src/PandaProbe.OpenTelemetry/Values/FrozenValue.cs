#if NET9_0_OR_GREATER
using System.Runtime.InteropServices;
#endif
using System.Text.Json;

namespace PandaProbe.Values;

/// <summary>
/// A caller's value that cannot change any more: texts, numbers and JSON elements as they are, dictionaries of such copied one level at a time,
/// anything else as the JSON that it is now.
/// </summary>
internal static class FrozenValue
{
    private const int MaxDepth = 64;

    public static object? Of(object? value) => Of(value, holder: null);

    private static object? Of(object? value, Holder? holder)
    {
        switch (value)
        {
            case null or string or RawJson or bool or int or long or double or float or decimal or short or byte or uint or ulong or Guid or DateTime or DateTimeOffset:
                return value;
            case JsonElement element:
                // An element of a document that is returned to its pool would be somebody else's text by the time it is written.
                return element.ValueKind == JsonValueKind.Undefined ? null : element.Clone();
            case not null when Holder.Is(holder, value):
                // As the serialiser does with what holds itself.
                return null;
            case IReadOnlyCollection<KeyValuePair<string, object?>> pairs when holder is not { Depth: MaxDepth }:
                return Pairs(pairs, pairs.Count, new(pairs, holder));
            case ICollection<KeyValuePair<string, object?>> pairs when holder is not { Depth: MaxDepth }:
                return Pairs(pairs, pairs.Count, new(pairs, holder));
            default:
                return new RawJson(ContentSerializer.SerializeUntyped(value));
        }
    }

    public static long LengthOf(object? value) => value switch
    {
        null => 0,
        string text => text.Length,
        RawJson json => json.Length,
        List<string> chunks => chunks.Sum(chunk => (long)chunk.Length),
        ReadOnlyMemory<byte> bytes => bytes.Length * 4L / 3,
#if NET9_0_OR_GREATER
        JsonElement element => JsonMarshal.GetRawUtf8Value(element).Length,
#else
        JsonElement element => element.GetRawText().Length,
#endif
        KeyValuePair<string, object?>[] pairs => pairs.Sum(pair => pair.Key.Length + 4 + LengthOf(pair.Value)),
        _ => 8,
    };

    public static string ToJson(object? value) => new Lone(value).ToString();

    public static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case RawJson json:
                json.WriteTo(writer);
                break;
            case JsonElement element:
                element.WriteTo(writer);
                break;
            case bool boolean:
                writer.WriteBooleanValue(boolean);
                break;
            case int or short or byte or long or uint:
                writer.WriteNumberValue(Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture));
                break;
            case ulong number:
                writer.WriteNumberValue(number);
                break;
            case decimal number:
                writer.WriteNumberValue(number);
                break;
            case double or float:
                double real = Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture);
                if (double.IsFinite(real))
                    writer.WriteNumberValue(real);
                else
                    writer.WriteStringValue(real.ToString(System.Globalization.CultureInfo.InvariantCulture));
                break;
            case DateTime moment:
                writer.WriteStringValue(moment);
                break;
            case DateTimeOffset moment:
                writer.WriteStringValue(moment);
                break;
            case Guid id:
                writer.WriteStringValue(id);
                break;
            case List<string> chunks:
                writer.WriteStringValue(string.Concat(chunks));
                break;
            case ReadOnlyMemory<byte> bytes:
                writer.WriteBase64StringValue(bytes.Span);
                break;
            case KeyValuePair<string, object?>[] pairs:
                writer.WriteStartObject();
                foreach (var (key, item) in pairs)
                {
                    writer.WritePropertyName(key);
                    Write(writer, item);
                }

                writer.WriteEndObject();
                break;
            default:
                writer.WriteStringValue(value.ToString());
                break;
        }
    }

    private static KeyValuePair<string, object?>[] Pairs(IEnumerable<KeyValuePair<string, object?>> pairs, int count, Holder holder)
    {
        var result = new KeyValuePair<string, object?>[count];
        int at = 0;
        foreach (var (key, value) in pairs)
        {
            if (at < result.Length)
                result[at++] = new(key, Of(value, holder));
        }

        return at == count ? result : result[..at];
    }

    /// <summary>A dictionary that is being copied, and those that it is in.</summary>
    private sealed class Holder(object value, Holder? outer)
    {
        public int Depth { get; } = outer is null ? 1 : outer.Depth + 1;

        public static bool Is(Holder? holder, object value)
        {
            for (; holder is not null; holder = holder.Outer)
            {
                if (ReferenceEquals(holder.Value, value))
                    return true;
            }

            return false;
        }

        private object Value => value;

        private Holder? Outer => outer;
    }

    private sealed class Lone(object? value) : ContentValue
    {
        public override void WriteTo(Utf8JsonWriter writer) => Write(writer, value);
    }
}
