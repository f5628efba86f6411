using System.Buffers;
using System.Text;
using System.Text.Json;
using PandaProbe.Runtime;

namespace PandaProbe.Values;

/// <summary>
/// The value of a content tag, serialised only when it is read: the caller's thread keeps references to immutable texts, the export thread
/// turns them into JSON. Any exporter gets the JSON from <see cref="ToString"/>, serialised once.
/// </summary>
internal abstract class ContentValue
{
    // A larger buffer would take memory for the life of the thread.
    private const int LargestKeptBuffer = 64 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    private string? _text;
    private object[] _guards = [];
    private Func<object>? _makeSafe;
    private object? _safe;

    /// <summary>
    /// Gets about how many characters the value keeps in memory. It counts towards <see cref="PandaProbeExporterOptions.MaxMemoryBytes"/>.
    /// </summary>
    public abstract long Length { get; }

    /// <summary>Writes the value as JSON.</summary>
    public abstract void WriteTo(Utf8JsonWriter writer);

    /// <summary>Gets what leaves in place of the value: another value, or text. The guards make it at the first call.</summary>
    public object Safe => _makeSafe is { } make ? _safe ??= make() : this;

    /// <summary>Returns the value as JSON text, as the guards leave it. The first call serialises it, on any thread.</summary>
    public sealed override string ToString() =>
        _text ??= Safe is { } safe && !ReferenceEquals(safe, this) ? safe.ToString()! : ToUnguardedString();

    /// <summary>Changes what <see cref="ToString"/> returns from now on: what exporters of the application read.</summary>
    /// <param name="owner">Whoever changes it, each only once.</param>
    /// <param name="change">Returns another value, or text.</param>
    public void Guard(object owner, Func<object, object> change)
    {
        if (Array.IndexOf(_guards, owner) >= 0)
            return;

        Func<object>? before = _makeSafe;
        _guards = [.. _guards, owner];
        _makeSafe = before is null ? () => change(this) : () => change(before());
        (_safe, _text) = (null, null);
    }

    /// <summary>Returns the value as JSON text without the work of the guards.</summary>
    public string ToUnguardedString() =>
        _makeSafe is null && _text is { } text ? text : Render(static json => Encoding.UTF8.GetString(json));

    /// <summary>Returns the value as <paramref name="policy"/> lets it leave: redacted, and then shortened. The value stays.</summary>
    public virtual object Applied(ContentPolicy policy, string field) => policy.ApplyToJson(ToUnguardedString(), field);

    /// <summary>Returns the value as JSON in a new array.</summary>
    public byte[] ToUtf8() => Render(static json => json.ToArray());

    private T Render<T>(Rendered<T> take)
    {
        ArrayBufferWriter<byte> buffer = _buffer ?? new(1024);
        Utf8JsonWriter writer = _writer ?? new(buffer, JsonValue.WriterOptions);
        (_buffer, _writer) = (null, null);
        writer.Reset(buffer);
        WriteTo(writer);
        writer.Flush();
        T result = take(buffer.WrittenSpan);
        if (buffer.Capacity <= LargestKeptBuffer)
        {
            buffer.ResetWrittenCount();
            (_buffer, _writer) = (buffer, writer);
        }

        return result;
    }

    private delegate T Rendered<T>(ReadOnlySpan<byte> json);
}
