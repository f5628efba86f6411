using System.Text.Json;

namespace PandaProbe.Values;

/// <summary>Text that claims to be JSON, such as the arguments that a model made up. What is not JSON is written as the text it is.</summary>
internal sealed class RawJson(ReadOnlyMemory<byte> utf8)
{
    public RawJson(string json) : this(System.Text.Encoding.UTF8.GetBytes(json))
    {
    }

    public int Length => utf8.Length;

    public void WriteTo(Utf8JsonWriter writer)
    {
        if (IsJson(utf8.Span))
            writer.WriteRawValue(utf8.Span, skipInputValidation: true);
        else
            writer.WriteStringValue(System.Text.Encoding.UTF8.GetString(utf8.Span));
    }

    private static bool IsJson(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
            return false;

        try
        {
            Utf8JsonReader reader = new(utf8);
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
