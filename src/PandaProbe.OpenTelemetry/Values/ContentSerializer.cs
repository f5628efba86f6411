using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using PandaProbe.Diagnostics;

namespace PandaProbe.Values;

/// <summary>Turns a caller's values into JSON text. Never throws: what cannot be serialised becomes its type's name.</summary>
internal static class ContentSerializer
{
    public const string ReflectionMessage =
        "Serialising any object uses reflection. Pass a JsonTypeInfo<T> of a source-generated JsonSerializerContext, a string, or messages instead.";

    /// <summary>Compact and readable: telemetry is not embedded in HTML, so only what JSON itself requires is escaped.</summary>
    public static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private static JsonSerializerOptions? _reflectionOptions;

    public static string Serialize<T>(T value, JsonTypeInfo<T> typeInfo)
    {
        try
        {
            return JsonSerializer.Serialize(value, typeInfo);
        }
        catch (Exception exception)
        {
            return Replace(value?.GetType() ?? typeof(T), exception);
        }
    }

    /// <summary>With reflection where the application has it; otherwise the type's name.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Guarded by IsReflectionEnabledByDefault, which is false in trimmed applications.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Guarded by IsReflectionEnabledByDefault, which is false in AOT-compiled applications.")]
    public static string SerializeUntyped(object value)
    {
        try
        {
            return value switch
            {
                JsonElement element => element.GetRawText(),
                JsonDocument document => document.RootElement.GetRawText(),
                System.Text.Json.Nodes.JsonNode node => node.ToJsonString(),
                _ when JsonSerializer.IsReflectionEnabledByDefault => JsonSerializer.Serialize(value, value.GetType(), ReflectionOptions()),
                _ => throw new NotSupportedException(ReflectionMessage),
            };
        }
        catch (Exception exception)
        {
            return Replace(value.GetType(), exception);
        }
    }

    [RequiresUnreferencedCode(ReflectionMessage)]
    [RequiresDynamicCode(ReflectionMessage)]
    private static JsonSerializerOptions ReflectionOptions()
    {
        if (_reflectionOptions is { } ready)
            return ready;

        JsonSerializerOptions options = new()
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            // Tuples have nothing else.
            IncludeFields = true,
            ReferenceHandler = ReferenceHandler.IgnoreCycles,
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            DefaultIgnoreCondition = JsonIgnoreCondition.Never,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        };
        options.Converters.Add(new JsonStringEnumConverter());
        options.MakeReadOnly();
        return _reflectionOptions = options;
    }

    /// <summary>What stands for a value that cannot be read.</summary>
    public static string Replace(Type type, Exception exception)
    {
        string name = type.ToString();
        PandaProbeEventSource.Log.ContentNotSerialised(name, PandaProbeEventSource.Describe(exception));
        return "\"" + JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(name) + "\"";
    }
}
