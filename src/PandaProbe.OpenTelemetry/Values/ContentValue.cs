using System.Buffers;
using System.Text;
using System.Text.Json;
using PandaProbe.Safety;

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
    private SensitiveScanner[] _scanners = [];

    /// <summary>
    /// Gets about how many characters the value keeps in memory. It counts towards <see cref="PandaProbeExporterOptions.MaxMemoryBytes"/>.
    /// </summary>
    public abstract long Length { get; }

    /// <summary>Writes the value as JSON.</summary>
    public abstract void WriteTo(Utf8JsonWriter writer);

    /// <summary>Returns the value as JSON text, masked by the guards. The first call serialises it, on any thread.</summary>
    public sealed override string ToString() => _text ??= Masked();

    /// <summary>Masks what <see cref="ToString"/> returns from now on: what exporters of the application read.</summary>
    public void Guard(SensitiveScanner scanner)
    {
        if (Array.IndexOf(_scanners, scanner) >= 0)
            return;

        _scanners = [.. _scanners, scanner];
        _text = null;
    }

    /// <summary>Returns the value as JSON text without the work of the guards.</summary>
    public string ToUnmaskedString() => _scanners.Length == 0 ? ToString() : Render(static json => Encoding.UTF8.GetString(json));

    /// <summary>Returns the value as JSON in a new array.</summary>
    public byte[] ToUtf8() => Render(static json => json.ToArray());

    private string Masked()
    {
        string text = Render(static json => Encoding.UTF8.GetString(json));
        foreach (SensitiveScanner scanner in _scanners)
            text = scanner.Mask(text).Text;
        return text;
    }

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
