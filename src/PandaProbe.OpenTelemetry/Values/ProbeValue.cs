using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PandaProbe.Values;

namespace PandaProbe;

/// <summary>
/// Represents one value of a field: text, a number, a boolean, a time, an enum's name, a list of texts, or any object as JSON. All but
/// objects convert implicitly, and so do their nullable forms where a field takes them. For objects use
/// <see cref="Json{T}(T, JsonTypeInfo{T})"/> or <see cref="From"/>. A number, a boolean or a duration is held without allocation, except
/// <see cref="decimal"/>; so is a <see cref="DateTime"/>.
/// </summary>
/// <example>
/// <code>
/// int? attempt = 3;
/// span.SetMetadata(new() { ["attempt"] = attempt, ["day"] = DayOfWeek.Monday, ["waited"] = TimeSpan.FromSeconds(2), ["reviewer"] = null
/// });
/// </code>
/// </example>
public readonly struct ProbeValue : IEquatable<ProbeValue>
{
    // The reference tells what the bits mean, or is the value itself. Two words in all, because the struct is copied often.
    private static readonly object Boolean = new();
    private static readonly object Integer = new();
    private static readonly object Unsigned = new();
    private static readonly object Double = new();
    private static readonly object Character = new();
    private static readonly object Moment = new();
    private static readonly object Duration = new();

    private const double LargestDecimal = 7.9e27;

    private readonly object? _reference;
    private readonly long _bits;

    private ProbeValue(object? reference, long bits = 0)
    {
        _reference = reference;
        _bits = bits;
    }

    /// <summary>Converts a text. <see langword="null"/> is no value.</summary>
    public static implicit operator ProbeValue(string? value) => new(value);

    /// <summary>Converts a boolean.</summary>
    public static implicit operator ProbeValue(bool value) => new(Boolean, value ? 1 : 0);

    /// <summary>Converts a whole number.</summary>
    public static implicit operator ProbeValue(int value) => new(Integer, value);

    /// <summary>Converts a whole number.</summary>
    public static implicit operator ProbeValue(long value) => new(Integer, value);

    // byte, ushort and uint convert to both long and ulong. Without operators of their own they would not compile.

    /// <summary>Converts a whole number.</summary>
    public static implicit operator ProbeValue(byte value) => (long)value;

    /// <summary>Converts a whole number.</summary>
    public static implicit operator ProbeValue(ushort value) => (long)value;

    /// <summary>Converts a whole number.</summary>
    public static implicit operator ProbeValue(uint value) => (long)value;

    /// <summary>Converts a whole number.</summary>
    public static implicit operator ProbeValue(ulong value) => value <= long.MaxValue ? (long)value : new ProbeValue(Unsigned, (long)value);

    /// <summary>Converts a number.</summary>
    public static implicit operator ProbeValue(float value) => AsWritten(value);

    /// <summary>Converts a number.</summary>
    public static implicit operator ProbeValue(double value) => new(Double, BitConverter.DoubleToInt64Bits(value));

    /// <summary>Converts a number. As a tag of an activity it becomes a <see cref="double"/>.</summary>
    public static implicit operator ProbeValue(decimal value) => new((object)value);

    /// <summary>Converts a character to text.</summary>
    public static implicit operator ProbeValue(char value) => new(Character, value);

    /// <summary>Converts an enum's value to its name. <see langword="null"/> is no value.</summary>
    public static implicit operator ProbeValue(Enum? value) => new(value);

    /// <summary>Converts a date and time, written as ISO 8601.</summary>
    public static implicit operator ProbeValue(DateTime value) => new(Moment, value.ToBinary());

    /// <summary>Converts a duration, written as <c>1.02:03:04.5</c>: days, hours, minutes, seconds.</summary>
    public static implicit operator ProbeValue(TimeSpan value) => new(Duration, value.Ticks);

    /// <summary>Converts a date and time with its offset, written as ISO 8601.</summary>
    public static implicit operator ProbeValue(DateTimeOffset value) => value.ToString("O", CultureInfo.InvariantCulture);

    /// <summary>Converts a <see cref="Guid"/>, written with hyphens.</summary>
    public static implicit operator ProbeValue(Guid value) => value.ToString();

    /// <summary>Converts a list of texts. Copied. <see langword="null"/> is no value.</summary>
    public static implicit operator ProbeValue(string[]? value) => new(value?.Clone());

    /// <summary>Makes a value from any value as JSON, without reflection.</summary>
    /// <param name="value">The value. Read at once; later changes to it are not recorded.</param>
    /// <param name="typeInfo">The metadata of the type, from your source-generated <c>JsonSerializerContext</c>.</param>
    public static ProbeValue Json<T>(T value, JsonTypeInfo<T> typeInfo) => ContentSerializer.Serialize(value, typeInfo);

    /// <summary>Makes a value from any value. Objects become JSON.</summary>
    /// <param name="value">The value. Read at once; later changes to it are not recorded.</param>
    [RequiresUnreferencedCode(ContentSerializer.ReflectionMessage)]
    [RequiresDynamicCode(ContentSerializer.ReflectionMessage)]
    public static ProbeValue From(object? value) => FromObject(value);

    /// <summary>
    /// Makes a value as <see cref="From"/> does. Where reflection is disabled, an object becomes its type's name, and a diagnostic event
    /// reports it.
    /// </summary>
    internal static ProbeValue FromObject(object? value) => value switch
    {
        ProbeValue already => already,
        string[] texts => texts,
        JsonElement element => FromJson(element),
        _ when JsonValue.TryScalar(value, out ProbeValue scalar) => scalar,
        _ => ContentSerializer.SerializeUntyped(value),
    };

    // The nearest double of a float has further digits: 0.7 is 0.699999988079071.
    private static double AsWritten(float value)
    {
        if (!(Math.Abs(value) < LargestDecimal))
            return value;

        double written = (double)(decimal)value;
        return (float)written == value ? written : value;
    }

    // Dictionaries that were read from JSON hold elements.
    private static ProbeValue FromJson(JsonElement element)
    {
        try
        {
            return element.ValueKind switch
            {
                JsonValueKind.Undefined or JsonValueKind.Null => default,
                JsonValueKind.String => element.GetString(),
                JsonValueKind.True or JsonValueKind.False => element.GetBoolean(),
                JsonValueKind.Number when element.TryGetInt64(out long whole) => whole,
                JsonValueKind.Number when element.TryGetDecimal(out decimal exact) => exact,
                _ => element.GetRawText(),
            };
        }
        catch (InvalidOperationException exception)
        {
            // Invalid UTF-16, or an element of a disposed document.
            return ContentSerializer.Replace(typeof(JsonElement), exception);
        }
    }

    /// <summary>Writes the value as JSON. NaN and infinity are written as text.</summary>
    internal void WriteTo(Utf8JsonWriter writer)
    {
        if (ReferenceEquals(_reference, Integer))
            writer.WriteNumberValue(_bits);
        else if (ReferenceEquals(_reference, Unsigned))
            writer.WriteNumberValue((ulong)_bits);
        else if (ReferenceEquals(_reference, Boolean))
            writer.WriteBooleanValue(_bits != 0);
        else if (ReferenceEquals(_reference, Double) && double.IsFinite(BitConverter.Int64BitsToDouble(_bits)))
            writer.WriteNumberValue(BitConverter.Int64BitsToDouble(_bits));
        else if (_reference is decimal exact)
            writer.WriteNumberValue(exact);
        else if (_reference is null)
            writer.WriteNullValue();
        else
            writer.WriteStringValue(ToString());
    }

    /// <summary>
    /// Returns the value as a tag of an activity. Exporters support text, numbers, booleans and lists of them. So a decimal becomes a
    /// double. A number above <see cref="long.MaxValue"/> becomes text, because a double would lose digits.
    /// </summary>
    internal object? ToTag()
    {
        if (ReferenceEquals(_reference, Integer))
            return Boxes.Integer(_bits);
        if (ReferenceEquals(_reference, Double))
            return BitConverter.Int64BitsToDouble(_bits);
        if (ReferenceEquals(_reference, Boolean))
            return _bits != 0 ? Boxes.True : Boxes.False;
        if (ReferenceEquals(_reference, Unsigned))
            return ((ulong)_bits).ToString(CultureInfo.InvariantCulture);
        if (ReferenceEquals(_reference, Character))
            return ((char)_bits).ToString();
        if (ReferenceEquals(_reference, Moment))
            return DateTime.FromBinary(_bits).ToString("O", CultureInfo.InvariantCulture);
        if (ReferenceEquals(_reference, Duration))
            return TimeSpan.FromTicks(_bits).ToString("c", CultureInfo.InvariantCulture);
        return _reference switch
        {
            decimal exact => (double)exact,
            Enum name => name.ToString(),
            _ => _reference,
        };
    }

    /// <summary>Converts a number without a fraction, or text with such a number.</summary>
    internal bool TryGetInteger(out long value)
    {
        value = _bits;
        if (ReferenceEquals(_reference, Integer))
            return true;
        if (_reference is string text)
            return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
        if (!TryGetDecimal(out decimal number) || number != decimal.Floor(number) || Math.Abs(number) > long.MaxValue)
            return false;

        value = (long)number;
        return true;
    }

    /// <summary>Converts a finite number, or text with a number.</summary>
    internal bool TryGetDecimal(out decimal value)
    {
        value = _bits;
        if (ReferenceEquals(_reference, Integer))
            return true;

        if (ReferenceEquals(_reference, Double))
        {
            double number = BitConverter.Int64BitsToDouble(_bits);
            if (!(Math.Abs(number) < LargestDecimal))
                return false;
            value = (decimal)number;
            return true;
        }

        if (ReferenceEquals(_reference, Unsigned))
        {
            value = (ulong)_bits;
            return true;
        }

        if (_reference is decimal exact)
        {
            value = exact;
            return true;
        }

        return _reference is string text && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Returns the value as text; empty when there is none.</summary>
    public override string ToString() => Convert.ToString(ToTag(), CultureInfo.InvariantCulture) ?? "";

    /// <inheritdoc/>
    public bool Equals(ProbeValue other) => _bits == other._bits && Equals(_reference, other._reference);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ProbeValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_bits, _reference);

    /// <summary>Returns whether both hold the same value.</summary>
    public static bool operator ==(ProbeValue left, ProbeValue right) => left.Equals(right);

    /// <summary>Returns whether they hold different values.</summary>
    public static bool operator !=(ProbeValue left, ProbeValue right) => !left.Equals(right);
}
