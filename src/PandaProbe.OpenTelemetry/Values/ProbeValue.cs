using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PandaProbe.Values;

namespace PandaProbe;

/// <summary>
/// One value of a field: text, a number, a flag, a time, an enum's name, a list of texts, or any object as JSON. All but objects convert by themselves, and
/// their nullable forms where a field takes them; for objects use <see cref="Json{T}(T, JsonTypeInfo{T})"/> or <see cref="From"/>. Holding a number, a flag or
/// a time allocates nothing.
/// </summary>
/// <example>
/// <code>
/// int? attempt = 3;
/// span.SetMetadata(new() { ["attempt"] = attempt, ["day"] = DayOfWeek.Monday, ["waited"] = TimeSpan.FromSeconds(2), ["reviewer"] = null });
/// </code>
/// </example>
public readonly struct ProbeValue : IEquatable<ProbeValue>
{
    // What the bits mean, or the value itself where it is an object: two words in all, since these are copied around a lot.
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

    /// <summary>Text.</summary>
    public static implicit operator ProbeValue(string? value) => new(value);

    /// <summary>A flag.</summary>
    public static implicit operator ProbeValue(bool value) => new(Boolean, value ? 1 : 0);

    /// <summary>A whole number.</summary>
    public static implicit operator ProbeValue(int value) => new(Integer, value);

    /// <summary>A whole number.</summary>
    public static implicit operator ProbeValue(long value) => new(Integer, value);

    // byte, ushort and uint convert to long and to ulong alike: without operators of their own they would not compile.

    /// <summary>A whole number.</summary>
    public static implicit operator ProbeValue(byte value) => (long)value;

    /// <summary>A whole number.</summary>
    public static implicit operator ProbeValue(ushort value) => (long)value;

    /// <summary>A whole number.</summary>
    public static implicit operator ProbeValue(uint value) => (long)value;

    /// <summary>A whole number.</summary>
    public static implicit operator ProbeValue(ulong value) => value <= long.MaxValue ? (long)value : new ProbeValue(Unsigned, (long)value);

    /// <summary>A number.</summary>
    public static implicit operator ProbeValue(float value) => AsWritten(value);

    /// <summary>A number.</summary>
    public static implicit operator ProbeValue(double value) => new(Double, BitConverter.DoubleToInt64Bits(value));

    /// <summary>A number, kept exactly.</summary>
    public static implicit operator ProbeValue(decimal value) => new((object)value);

    /// <summary>A text of one character.</summary>
    public static implicit operator ProbeValue(char value) => new(Character, value);

    /// <summary>The name of an enum's value.</summary>
    public static implicit operator ProbeValue(Enum? value) => new(value);

    /// <summary>A moment, written as ISO 8601.</summary>
    public static implicit operator ProbeValue(DateTime value) => new(Moment, value.ToBinary());

    /// <summary>A duration, written as <c>1.02:03:04.5</c>: days, hours, minutes, seconds.</summary>
    public static implicit operator ProbeValue(TimeSpan value) => new(Duration, value.Ticks);

    /// <summary>A moment, written as ISO 8601.</summary>
    public static implicit operator ProbeValue(DateTimeOffset value) => value.ToString("O", CultureInfo.InvariantCulture);

    /// <summary>An identifier, written with hyphens.</summary>
    public static implicit operator ProbeValue(Guid value) => value.ToString();

    /// <summary>A list of texts. Copied.</summary>
    public static implicit operator ProbeValue(string[]? value) => new(value?.Clone());

    /// <summary>Any value, as JSON, without reflection.</summary>
    /// <param name="value">The value. Read at once: later changes to it change nothing.</param>
    /// <param name="typeInfo">From your source-generated <c>JsonSerializerContext</c>.</param>
    public static ProbeValue Json<T>(T value, JsonTypeInfo<T> typeInfo) => ContentSerializer.Serialize(value, typeInfo);

    /// <summary>Any value: simple ones as they are, everything else as JSON.</summary>
    /// <param name="value">The value. Read at once: later changes to it change nothing.</param>
    [RequiresUnreferencedCode(ContentSerializer.ReflectionMessage)]
    [RequiresDynamicCode(ContentSerializer.ReflectionMessage)]
    public static ProbeValue From(object? value) => FromObject(value);

    /// <summary>As <see cref="From"/>; where reflection is switched off, an object becomes its type's name, and diagnostics say so.</summary>
    internal static ProbeValue FromObject(object? value) => value switch
    {
        ProbeValue already => already,
        string[] texts => texts,
        JsonElement element => FromJson(element),
        _ when JsonValue.TryScalar(value, out ProbeValue scalar) => scalar,
        _ => ContentSerializer.SerializeUntyped(value),
    };

    // A float's nearest double shows digits that nobody wrote: 0.7 is 0.699999988079071.
    private static double AsWritten(float value)
    {
        if (!(Math.Abs(value) < LargestDecimal))
            return value;

        double written = (double)(decimal)value;
        return (float)written == value ? written : value;
    }

    // What a dictionary that was read from JSON holds.
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

    /// <summary>Writes the value as JSON; what is no finite number as text.</summary>
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
    /// The value as a tag of an activity. Exporters know text, numbers, flags and lists of them, so a decimal becomes a double, and a number beyond
    /// <see cref="long.MaxValue"/> text, because a double has not all of its digits.
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

    /// <summary>The value as a whole number: numbers without a fraction, and text that holds one.</summary>
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

    /// <summary>The value as an amount: finite numbers, and text that holds one.</summary>
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

    /// <summary>The value as text; empty when there is none.</summary>
    public override string ToString() => Convert.ToString(ToTag(), CultureInfo.InvariantCulture) ?? "";

    /// <inheritdoc/>
    public bool Equals(ProbeValue other) => _bits == other._bits && Equals(_reference, other._reference);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ProbeValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_bits, _reference);

    /// <summary>Whether both hold the same value.</summary>
    public static bool operator ==(ProbeValue left, ProbeValue right) => left.Equals(right);

    /// <summary>Whether they hold different values.</summary>
    public static bool operator !=(ProbeValue left, ProbeValue right) => !left.Equals(right);
}
