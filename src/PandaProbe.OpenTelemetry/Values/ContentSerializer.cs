using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using PandaProbe.Diagnostics;
using PandaProbe.Runtime;

namespace PandaProbe.Values;

/// <summary>Serialises a caller's values as JSON text. Never throws: a value that cannot be serialised becomes its type's name.</summary>
internal static class ContentSerializer
{
    public const string ReflectionMessage =
        "Serialising any object uses reflection. Pass a JsonTypeInfo<T> of a source-generated JsonSerializerContext, a string, or messages instead.";

    private static JsonSerializerOptions? _reflectionOptions;

    /// <summary>
    /// Gets whether this thread is serialising a value. A property's getter may call a method with an attribute. That call is not recorded,
    /// because only this library caused it.
    /// </summary>
    [field: ThreadStatic]
    public static bool IsWriting { get; private set; }

    public static string Serialize<T>(T value, JsonTypeInfo<T> typeInfo)
    {
        try
        {
            return value is not null && Deferred.Is(value.GetType())
                ? JsonText.Quote(value.GetType().ToString())
                : Render(writer => JsonSerializer.Serialize(writer, value, typeInfo));
        }
        catch (Exception exception)
        {
            return Replace(value?.GetType() ?? typeof(T), exception);
        }
    }

    /// <summary>
    /// Serialises by a source-generated context that knows the type, otherwise as <see cref="SerializeUntyped"/>. Does not enumerate
    /// sequences.
    /// </summary>
    public static string Serialize<T>(T value, JsonSerializerContext? context)
    {
        try
        {
            if (context is not null && MetadataOf<T>(context) is { } known)
                return Serialize(value, known);

            // Enumerating a sequence could consume it, or run the caller's code too early.
            return value is IEnumerable and not string && !IsCollection(value)
                ? JsonText.Quote(value.GetType().ToString()) : SerializeUntyped(value);
        }
        catch (Exception exception)
        {
            return Replace(value?.GetType() ?? typeof(T), exception);
        }
    }

    /// <summary>Serialises by reflection where it is enabled; otherwise returns the type's name.</summary>
    [UnconditionalSuppressMessage(
        "Trimming", "IL2026", Justification = "Guarded by IsReflectionEnabledByDefault, which is false in trimmed applications.")]
    [UnconditionalSuppressMessage(
        "AOT", "IL3050", Justification = "Guarded by IsReflectionEnabledByDefault, which is false in AOT-compiled applications.")]
    public static string SerializeUntyped(object? value)
    {
        try
        {
            if (value is not string && JsonValue.TryScalar(value, out ProbeValue scalar))
                return Render(scalar.WriteTo);

            return value switch
            {
                string text => JsonText.Quote(text),
                JsonElement element => element.GetRawText(),
                JsonDocument document => document.RootElement.GetRawText(),
                JsonNode node => node.ToJsonString(),
                ProbeMessage message => Render(writer => Write(writer, message)),
                IEnumerable<ProbeMessage> messages => Render(writer => WriteAll(writer, messages, Write)),
                IEnumerable<string> texts =>
                    Render(writer => WriteAll(writer, texts, static (writer, text) => writer.WriteStringValue(text))),
                _ when JsonSerializer.IsReflectionEnabledByDefault =>
                    Render(writer => JsonSerializer.Serialize(writer, value, value!.GetType(), ReflectionOptions())),
                _ => throw new NotSupportedException(ReflectionMessage),
            };
        }
        catch (Exception exception)
        {
            return Replace(value!.GetType(), exception);
        }
    }

    /// <summary>Returns the type's name for a value that cannot be serialised, and reports it.</summary>
    public static string Replace(Type type, Exception exception)
    {
        string name = type.ToString();
        PandaProbeEventSource.Log.ContentNotSerialised(
            name, exception.Message == ReflectionMessage ? ReflectionMessage : PandaProbeEventSource.TypesOf(exception));
        return JsonText.Quote(name);
    }

    /// <summary>Returns the JSON. When it exceeds the budget, returns its beginning as one JSON string.</summary>
    private static string Render(Action<Utf8JsonWriter> write)
    {
        BoundedBuffer buffer = new(ContentPolicy.Current.MaxLength);
        bool wasWriting = IsWriting;
        IsWriting = true;
        try
        {
            using Utf8JsonWriter writer = new(buffer, JsonValue.WriterOptions);
            write(writer);
        }
        catch (Exception) when (buffer.IsFull)
        {
            return JsonText.Quote(Encoding.UTF8.GetString(buffer.Written));
        }
        finally
        {
            IsWriting = wasWriting;
        }

        return Encoding.UTF8.GetString(buffer.Written);
    }

    private static void Write(Utf8JsonWriter writer, ProbeMessage message)
    {
        if (message.PartArray is not null || message.Name is not null)
        {
            MessageContent.Of(message).WriteTo(writer);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("role"u8, message.Role ?? "");
        writer.WriteString("content"u8, message.Content ?? "");
        writer.WriteEndObject();
    }

    private static void WriteAll<T>(Utf8JsonWriter writer, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        writer.WriteStartArray();
        foreach (T item in items)
            write(writer, item);
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

    [UnconditionalSuppressMessage(
        "Trimming", "IL2075", Justification = "An interface that was trimmed away makes it the type's name, no more.")]
    private static bool IsCollection(object value) =>
        value is ICollection or JsonNode or IReadOnlyCollection<object>
        || Array.Exists(value.GetType().GetInterfaces(), static type => type.IsGenericType
        && type.GetGenericTypeDefinition() == typeof(IReadOnlyCollection<>));

    [RequiresUnreferencedCode(ReflectionMessage)]
    [RequiresDynamicCode(ReflectionMessage)]
    private static JsonSerializerOptions ReflectionOptions()
    {
        if (_reflectionOptions is { } ready)
            return ready;

        JsonSerializerOptions options = new()
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            // The items of a ValueTuple are fields.
            IncludeFields = true,
            ReferenceHandler = ReferenceHandler.IgnoreCycles,
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            DefaultIgnoreCondition = JsonIgnoreCondition.Never,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
            Converters = { new JsonStringEnumConverter(), new Deferred(), new LongText() },
        };
        options.MakeReadOnly();
        return _reflectionOptions = options;
    }

    /// <summary>Writes the type's name of a task or a lazy value. Reading its value would block, or run code of the application.</summary>
    private sealed class Deferred : JsonConverter<object>
    {
        public static bool Is(Type type) =>
            typeof(Task).IsAssignableFrom(type) || type == typeof(ValueTask)
            || (type.IsGenericType && type.GetGenericTypeDefinition() is var definition
            && (definition == typeof(ValueTask<>) || definition == typeof(Lazy<>)));

        public override bool CanConvert(Type typeToConvert) => Is(typeToConvert);

        public override object Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, object value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.GetType().ToString());
    }

    /// <summary>
    /// Cuts a text that is too long to be recorded, so that the values after it are still written before the buffer is full.
    /// </summary>
    private sealed class LongText : JsonConverter<string>
    {
        private const int Shortest = 16;

        public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
        {
            // This share leaves room for the rest even when all of it is escaped, and cuts nothing in a document that may be recorded
            // whole.
            long rest = ((long)BoundedBuffer.Factor * ContentPolicy.Current.MaxLength) - writer.BytesCommitted - writer.BytesPending;
            writer.WriteStringValue(JsonText.Cut(value, (int)Math.Max(rest / BoundedBuffer.Factor, Shortest)));
        }
    }
}
