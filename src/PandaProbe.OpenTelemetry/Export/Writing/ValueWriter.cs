using System.Collections;
using System.Text.Json;
using PandaProbe.Values;

namespace PandaProbe.Export.Writing;

/// <summary>Writes the values of tags, whatever they are.</summary>
internal static class ValueWriter
{
    // A sequence may have no end.
    private const int LongestList = 1024 * 1024;

    public static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case string text:
                WriteText(json, text);
                break;
            case ContentValue content:
                content.WriteTo(json);
                break;
            case JsonElement element:
                WriteText(json, TextOf(element));
                break;
            case IEnumerable items:
                WriteItems(json, items);
                break;
            default:
                JsonValue.Write(json, value);
                break;
        }
    }

    /// <summary>Writes text that claims to be JSON.</summary>
    public static void WriteJson(Utf8JsonWriter json, string text) => new RawJson(text).WriteTo(json);

    public static void WriteString(Utf8JsonWriter json, string text) => json.WriteStringValue(JsonText.Cut(text, JsonText.LongestText));

    public static string TextOf(object value) => JsonValue.TextOf(value);

    // Nested metadata travels in tags as JSON text; here it can be JSON again.
    private static void WriteText(Utf8JsonWriter json, string text)
    {
        if (text is ['{', .., '}'] or ['[', .., ']'])
            WriteJson(json, text);
        else
            WriteString(json, text);
    }

    private static void WriteItems(Utf8JsonWriter json, IEnumerable items)
    {
        object?[] copy;
        try
        {
            copy = [.. items.Cast<object?>().Take(LongestList)];
        }
        catch (Exception)
        {
            // A list that changed, or that cannot be read.
            json.WriteStringValue(items.GetType().ToString());
            return;
        }

        json.WriteStartArray();
        foreach (object? item in copy)
        {
            if (item is string or IEnumerable)
                WriteString(json, TextOf(item));
            else
                Write(json, item);
        }

        json.WriteEndArray();
    }
}
