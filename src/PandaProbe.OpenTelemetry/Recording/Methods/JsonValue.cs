using System.Buffers;
using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using PandaProbe.Values;

namespace PandaProbe.Interception;

/// <summary>Values as JSON: the simple ones without any metadata, others by a source-generated context that knows them, the rest as the core does it.</summary>
internal static class JsonValue
{
    /// <summary>False when the value is not a simple one, and nothing was written.</summary>
    public static bool TryWriteSimple<T>(Utf8JsonWriter writer, T value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                return true;
            case string text:
                writer.WriteStringValue(text);
                return true;
            case bool truth:
                writer.WriteBooleanValue(truth);
                return true;
            case int number:
                writer.WriteNumberValue(number);
                return true;
            case long number:
                writer.WriteNumberValue(number);
                return true;
            case uint number:
                writer.WriteNumberValue(number);
                return true;
            case ulong number:
                writer.WriteNumberValue(number);
                return true;
            case short or ushort or byte or sbyte:
                writer.WriteNumberValue(Convert.ToInt32(value, CultureInfo.InvariantCulture));
                return true;
            case decimal number:
                writer.WriteNumberValue(number);
                return true;
            case double number when double.IsFinite(number):
                writer.WriteNumberValue(number);
                return true;
            case float number when float.IsFinite(number):
                writer.WriteNumberValue(number);
                return true;
            case double or float or Half or Int128 or UInt128 or nint or nuint or char or TimeSpan or Uri or Version or Enum or Rune or CultureInfo:
                writer.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                return true;
            case DateTime moment:
                writer.WriteStringValue(moment);
                return true;
            case DateTimeOffset moment:
                writer.WriteStringValue(moment);
                return true;
            case DateOnly date:
                writer.WriteStringValue(date.ToString("O", CultureInfo.InvariantCulture));
                return true;
            case TimeOnly time:
                writer.WriteStringValue(time.ToString("O", CultureInfo.InvariantCulture));
                return true;
            case Guid id:
                writer.WriteStringValue(id);
                return true;
            case Type type:
                writer.WriteStringValue(type.ToString());
                return true;
            default:
                return false;
        }
    }

    /// <summary>Never throws: a value that cannot be read, a list that changes meanwhile, becomes its type's name.</summary>
    public static string Serialize<T>(T value, JsonSerializerContext? context)
    {
        try
        {
            if (context is not null && MetadataOf<T>(context) is { } known)
                return ContentSerializer.Serialize(value, known);

            return value switch
            {
                // Reading it would use it up, or run code that the caller has not asked for yet.
                IEnumerable and not string when !IsCollection(value) => Write(value.GetType()),
                ProbeMessage or IEnumerable<ProbeMessage> or IEnumerable<string> => Write(value),
                _ when IsSimple(value) => Write(value),
                _ => ContentSerializer.SerializeUntyped(value!),
            };
        }
        catch (Exception exception)
        {
            return ContentSerializer.Replace(value?.GetType() ?? typeof(T), exception);
        }
    }

    private static bool IsSimple<T>(T value)
    {
        using Utf8JsonWriter nowhere = new(Stream.Null, ContentSerializer.WriterOptions);
        return TryWriteSimple(nowhere, value);
    }

    private static string Write<T>(T value)
    {
        ArrayBufferWriter<byte> buffer = new(256);
        using (Utf8JsonWriter writer = new(buffer, ContentSerializer.WriterOptions))
            Write(writer, value);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write<T>(Utf8JsonWriter writer, T value)
    {
        if (TryWriteSimple(writer, value))
            return;

        if (value is ProbeMessage message)
        {
            writer.WriteStartObject();
            writer.WriteString("role"u8, message.Role ?? "");
            writer.WriteString("content"u8, message.Content ?? "");
            writer.WriteEndObject();
            return;
        }

        writer.WriteStartArray();
        if (value is IEnumerable<ProbeMessage> messages)
        {
            foreach (ProbeMessage item in messages)
                Write(writer, item);
        }
        else if (value is IEnumerable<string> texts)
        {
            foreach (string item in texts)
                writer.WriteStringValue(item);
        }

        writer.WriteEndArray();
    }

    private static JsonTypeInfo<T>? MetadataOf<T>(JsonSerializerContext context)
    {
        try
        {
            return context.GetTypeInfo(typeof(T)) as JsonTypeInfo<T>;
        }
        catch (Exception exception) when (exception is NotSupportedException or InvalidOperationException)
        {
            return null;
        }
    }

    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "An interface that was trimmed away makes it the type's name, no more.")]
    private static bool IsCollection(object value) =>
        value is ICollection or JsonNode or IReadOnlyCollection<object>
        || Array.Exists(value.GetType().GetInterfaces(), static type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyCollection<>));
}
