using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PandaProbe.Values;

/// <summary>Converts CLR values to JSON, for content, arguments, fields and tags.</summary>
internal static class JsonValue
{
    /// <summary>
    /// The options of every JSON writer of telemetry. The relaxed encoder escapes only what JSON requires. It would be unsafe in HTML, but
    /// telemetry is never embedded in HTML.
    /// </summary>
    public static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>Converts null, text, booleans, numbers and other simple values. <see langword="false"/> for any other value.</summary>
    public static bool TryScalar<T>(T value, out ProbeValue scalar)
    {
        switch (value)
        {
            case null:
                scalar = default;
                return true;
            case string text:
                scalar = text;
                return true;
            case bool flag:
                scalar = flag;
                return true;
            case int number:
                scalar = number;
                return true;
            case long number:
                scalar = number;
                return true;
            case short or byte or sbyte or ushort or uint:
                scalar = Convert.ToInt64(value, CultureInfo.InvariantCulture);
                return true;
            case ulong number:
                scalar = number;
                return true;
            case double number:
                scalar = number;
                return true;
            case float number:
                scalar = number;
                return true;
            case decimal number:
                scalar = number;
                return true;
            case DateTime or DateTimeOffset or DateOnly or TimeOnly:
                scalar = ((IFormattable)value).ToString("O", CultureInfo.InvariantCulture);
                return true;
            case Guid or Enum or char or TimeSpan or Uri or Version or Type or Half or Int128 or UInt128 or nint or nuint or Rune
                or CultureInfo:
                scalar = TextOf(value);
                return true;
            default:
                scalar = default;
                return false;
        }
    }

    /// <summary>Writes a scalar or a frozen value. Any other value is written as its text.</summary>
    public static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case RawJson json:
                json.WriteTo(writer);
                break;
            case JsonElement element:
                RawJson.Write(writer, element);
                break;
            case List<string> chunks:
                writer.WriteStringValue(string.Concat(chunks));
                break;
            case ReadOnlyMemory<byte> bytes:
                writer.WriteBase64StringValue(bytes.Span);
                break;
            case KeyValuePair<string, object?>[] pairs:
                writer.WriteStartObject();
                foreach ((string? key, object? item) in pairs)
                {
                    writer.WritePropertyName(key);
                    Write(writer, item);
                }

                writer.WriteEndObject();
                break;
            default:
                (TryScalar(value, out ProbeValue scalar) ? scalar : TextOf(value!)).WriteTo(writer);
                break;
        }
    }

    public static string TextOf(object value)
    {
        try
        {
            return Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        }
        catch (Exception)
        {
            // The ToString of a caller's type may throw.
            return value.GetType().ToString();
        }
    }
}
