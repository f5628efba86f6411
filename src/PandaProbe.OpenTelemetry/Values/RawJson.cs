using System.Text;
using System.Text.Json;
using System.Text.Unicode;
#if NET9_0_OR_GREATER
using System.Runtime.InteropServices;
#endif

namespace PandaProbe.Values;

/// <summary>Text that should be JSON, such as the arguments of a tool call from a model. Invalid JSON is written as a string.</summary>
internal sealed class RawJson(ReadOnlyMemory<byte> utf8)
{
    public RawJson(string json) : this(Encoding.UTF8.GetBytes(json))
    {
    }

    public int Length => utf8.Length;

    public void WriteTo(Utf8JsonWriter writer)
    {
        if (IsJson(utf8.Span))
            writer.WriteRawValue(utf8.Span, skipInputValidation: true);
        else
            writer.WriteStringValue(Encoding.UTF8.GetString(utf8.Span));
    }

    /// <summary>
    /// Writes an element. Removes its white space, unless it has escapes: <see cref="JsonElement.WriteTo"/> throws at invalid UTF-16.
    /// </summary>
    public static void Write(Utf8JsonWriter writer, JsonElement element)
    {
        ReadOnlySpan<byte> raw = BytesOf(element);
        if (raw.IndexOf(@"\u"u8) >= 0)
            writer.WriteRawValue(raw, skipInputValidation: true);
        else
            element.WriteTo(writer);
    }

#if NET9_0_OR_GREATER
    public static ReadOnlySpan<byte> BytesOf(JsonElement element) => JsonMarshal.GetRawUtf8Value(element);
#else
    public static ReadOnlySpan<byte> BytesOf(JsonElement element) => Encoding.UTF8.GetBytes(element.GetRawText());
#endif

    public static bool IsJson(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty || !Utf8.IsValid(utf8))
            return false;

        try
        {
            Utf8JsonReader reader = new(utf8, JsonText.ReaderOptions);
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
