using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using OpenTelemetry.Proto.Common.V1;

namespace PandaProbe.Local.Reading;

/// <summary>Reads attribute values, whichever type an instrumentation chose for them.</summary>
internal static class AnyValues
{
    // Values of attributes are nested by hand in no SDK. What is deeper is left out.
    private const int MaxDepth = 64;

    private static readonly JsonWriterOptions WriterOptions =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Returns a string as its text, a number or truth value as written in JSON, and anything else as its JSON.</summary>
    public static string? Text(this AnyValue value) => value.ValueCase switch
    {
        AnyValue.ValueOneofCase.StringValue => value.StringValue,
        AnyValue.ValueOneofCase.BoolValue => value.BoolValue ? "true" : "false",
        AnyValue.ValueOneofCase.IntValue => value.IntValue.ToString(CultureInfo.InvariantCulture),
        AnyValue.ValueOneofCase.DoubleValue => value.DoubleValue.ToString("R", CultureInfo.InvariantCulture),
        AnyValue.ValueOneofCase.None => null,
        _ => ToJson(value),
    };

    public static double? Number(this AnyValue value)
    {
        double? number = value.ValueCase switch
        {
            AnyValue.ValueOneofCase.IntValue => value.IntValue,
            AnyValue.ValueOneofCase.DoubleValue => value.DoubleValue,
            AnyValue.ValueOneofCase.StringValue when double.TryParse(
                value.StringValue, NumberStyles.Float, CultureInfo.InvariantCulture, out double parsed) => parsed,
            _ => null,
        };
        return number is { } finite && double.IsFinite(finite) ? finite : null;
    }

    public static long? Integer(this AnyValue value) =>
        value.ValueCase == AnyValue.ValueOneofCase.IntValue ? value.IntValue : value.Number() is { } number
            ? LenientJson.ToInteger(number) : null;

    public static bool? Flag(this AnyValue value) => value.ValueCase switch
    {
        AnyValue.ValueOneofCase.BoolValue => value.BoolValue,
        AnyValue.ValueOneofCase.StringValue when bool.TryParse(value.StringValue, out bool flag) => flag,
        _ => null,
    };

    /// <summary>Returns the object or array that the value is, structured or as text; <see langword="null"/> for any other value.</summary>
    public static JsonElement? Json(this AnyValue value) => value.ValueCase switch
    {
        AnyValue.ValueOneofCase.StringValue => LenientJson.Parse(value.StringValue),
        AnyValue.ValueOneofCase.ArrayValue or AnyValue.ValueOneofCase.KvlistValue => LenientJson.Parse(ToUtf8(value)),
        _ => null,
    };

    /// <summary>Returns the texts of a list: an array, JSON text of one, or a single text.</summary>
    public static IReadOnlyList<string> Texts(this AnyValue value)
    {
        if (value.Json() is { ValueKind: JsonValueKind.Array } array)
            return [.. array.EnumerateArray().Take(ReadLimits.Items).Select(item => item.TextOrJson()).OfType<string>()];
        return value.Text() is { Length: > 0 } single ? [single] : [];
    }

    /// <summary>Returns the value as JSON. A text that is an object or array in JSON stays what it is.</summary>
    public static string ToField(this AnyValue value)
    {
        if (value.ValueCase == AnyValue.ValueOneofCase.StringValue && LenientJson.Parse(value.StringValue) is { } json)
            return json.GetRawText();
        return ToJson(value);
    }

    public static string ToJson(AnyValue value) => Encoding.UTF8.GetString(ToUtf8(value));

    /// <param name="json">The writer.</param>
    /// <param name="value">The value.</param>
    /// <param name="levels">How many levels of lists are written. Deeper ones become null.</param>
    /// <param name="bytesAsLength">Whether bytes are written as their number, for people.</param>
    public static void Write(Utf8JsonWriter json, AnyValue? value, int levels = MaxDepth, bool bytesAsLength = false)
    {
        switch (value?.ValueCase)
        {
            case AnyValue.ValueOneofCase.StringValue:
                json.WriteStringValue(value.StringValue);
                break;
            case AnyValue.ValueOneofCase.BoolValue:
                json.WriteBooleanValue(value.BoolValue);
                break;
            case AnyValue.ValueOneofCase.IntValue:
                json.WriteNumberValue(value.IntValue);
                break;
            case AnyValue.ValueOneofCase.DoubleValue when double.IsFinite(value.DoubleValue):
                json.WriteNumberValue(value.DoubleValue);
                break;
            case AnyValue.ValueOneofCase.DoubleValue:
                json.WriteStringValue(value.DoubleValue.ToString(CultureInfo.InvariantCulture));
                break;
            case AnyValue.ValueOneofCase.BytesValue when bytesAsLength:
                json.WriteStringValue($"{value.BytesValue.Length} bytes");
                break;
            case AnyValue.ValueOneofCase.BytesValue:
                json.WriteBase64StringValue(value.BytesValue.Span);
                break;
            case AnyValue.ValueOneofCase.ArrayValue when levels > 0:
                json.WriteStartArray();
                foreach (AnyValue item in value.ArrayValue.Values)
                    Write(json, item, levels - 1, bytesAsLength);
                json.WriteEndArray();
                break;
            case AnyValue.ValueOneofCase.KvlistValue when levels > 0:
                json.WriteStartObject();
                foreach (KeyValue item in value.KvlistValue.Values)
                {
                    json.WritePropertyName(item.Key);
                    Write(json, item.Value, levels - 1, bytesAsLength);
                }

                json.WriteEndObject();
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }

    private static byte[] ToUtf8(AnyValue value)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, WriterOptions))
            Write(json, value);
        return buffer.WrittenSpan.ToArray();
    }
}
