using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Reflection;
using System.Text.Json.Nodes;
using PandaProbe.Testing.Cassettes.Masking;

namespace PandaProbe.Testing.Cassettes;

/// <summary>Writes exceptions into the file and makes them again: of the same type, with the same message and the same simple values, such
/// as a status.</summary>
internal static class RecordedException
{
    private const BindingFlags AnyInstance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    public static JsonObject Write(Exception exception, CassetteMask mask)
    {
        JsonObject written = new()
        {
            ["type"] = $"{exception.GetType().FullName}, {exception.GetType().Assembly.GetName().Name}",
            ["message"] = mask.Mask(exception.Message),
        };
        JsonObject values = [];
        foreach (PropertyInfo property in Settable(exception.GetType()))
        {
            if (Write(Value(property, exception), mask) is { } value)
                values[property.Name] = value;
        }

        if (values.Count > 0)
            written["values"] = values;

        return written;
    }

    public static Exception Make(JsonObject written)
    {
        string type = written["type"]!.GetValue<string>();
        string message = written["message"]!.GetValue<string>();
        JsonObject values = written["values"] as JsonObject ?? [];
        return Make(Find(type), message, values)
            ?? new CassetteException(
            $"The recorded call failed with {type.Split(',')[0]}, and this program cannot make one. Its message is: {message}");
    }

    [UnconditionalSuppressMessage("Trimming", "IL2057", Justification = "A type that is not there is replaced by CassetteException.")]
    [UnconditionalSuppressMessage(
        "Trimming", "IL2073", Justification = "A constructor that is not there is replaced by CassetteException.")]
    [return: DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)]
    private static Type? Find(string name) => Type.GetType(name, throwOnError: false);

    private static Exception? Make(
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] Type? type, string message, JsonObject values)
    {
        if (type is null || !type.IsAssignableTo(typeof(Exception)) || type.IsAbstract)
            return null;

        foreach (ConstructorInfo constructor in type.GetConstructors(AnyInstance)
            .OrderBy(constructor => constructor.GetParameters().Length))
        {
            try
            {
                object?[] arguments = [.. constructor.GetParameters().Select(parameter => Argument(parameter, message, values))];
                if (constructor.Invoke(arguments) is Exception exception)
                {
                    Restore(exception, values);
                    if (exception.Message == message)
                        return exception;
                }
            }
            catch (Exception exception) when (
                exception is TargetInvocationException or ArgumentException or MemberAccessException or NotSupportedException)
            {
                // The next constructor may take what is known.
            }
        }

        return null;
    }

    private static object? Argument(ParameterInfo parameter, string message, JsonObject values)
    {
        if (parameter.ParameterType == typeof(string) && parameter.Name == "message")
            return WithoutAddition(message, values);

        KeyValuePair<string, JsonNode?> value =
            values.FirstOrDefault(value => value.Key.Equals(parameter.Name, StringComparison.OrdinalIgnoreCase));
        return value.Value is not null ? Read(value.Value, parameter.ParameterType)
            : parameter.HasDefaultValue ? parameter.DefaultValue
            : parameter.ParameterType == typeof(Exception) || !parameter.ParameterType.IsValueType
                || Nullable.GetUnderlyingType(parameter.ParameterType) is not null ? null
            : throw new NotSupportedException();
    }

    /// <summary><see cref="HttpIOException"/> adds its reason to its message.</summary>
    private static string WithoutAddition(string message, JsonObject values) =>
        values[nameof(HttpIOException.HttpRequestError)]?.GetValue<string>() is { } error
        && message.EndsWith($" ({error})", StringComparison.Ordinal) ? message[..^$" ({error})".Length] : message;

    private static void Restore(Exception exception, JsonObject values)
    {
        foreach (PropertyInfo property in Settable(exception.GetType()))
        {
            if (property.SetMethod is not null && values[property.Name] is { } value)
                property.SetValue(exception, Read(value, property.PropertyType));
        }
    }

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "A value that was trimmed away is not restored.")]
    private static IEnumerable<PropertyInfo> Settable(Type type) =>
        type.GetProperties(AnyInstance)
            .Where(property => property.DeclaringType != typeof(Exception) && property.GetMethod is { IsPublic: true }
            && property.GetIndexParameters().Length == 0 && IsSimple(property.PropertyType));

    private static bool IsSimple(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(string) || type == typeof(int) || type == typeof(bool) || type.IsEnum;
    }

    private static object? Value(PropertyInfo property, Exception exception)
    {
        try
        {
            return property.GetValue(exception);
        }
        catch (TargetInvocationException)
        {
            return null;
        }
    }

    private static JsonValue? Write(object? value, CassetteMask mask) => value switch
    {
        null => null,
        string text => JsonValue.Create(mask.Mask(text)),
        int number => JsonValue.Create(number),
        bool flag => JsonValue.Create(flag),
        HttpStatusCode status => JsonValue.Create((int)status),
        _ => JsonValue.Create(value.ToString()),
    };

    private static object? Read(JsonNode value, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(string) ? value.GetValue<string>()
            : type == typeof(int) ? value.GetValue<int>()
            : type == typeof(bool) ? value.GetValue<bool>()
            : type == typeof(HttpStatusCode) ? (HttpStatusCode)value.GetValue<int>()
            : type.IsEnum && value is JsonValue text && text.TryGetValue(out string? name) ? Enum.Parse(type, name)
            : throw new NotSupportedException();
    }
}
