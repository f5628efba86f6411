using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using PandaProbe.Values;

namespace PandaProbe.Export.Writing;

/// <summary>A piece of a body that is written whole before it is known whether it fits. Used again and again.</summary>
#pragma warning disable CA1001 // The writer writes to memory: disposing it gives nothing back.
internal sealed class JsonDraft
#pragma warning restore CA1001
{
    private const int LargestKept = 1024 * 1024;

    private ArrayBufferWriter<byte> _buffer = new(4096);

    public JsonDraft() => Json = new(_buffer, JsonValue.WriterOptions);

    public Utf8JsonWriter Json { get; }

    public void Clear()
    {
        if (_buffer.Capacity > LargestKept)
            _buffer = new(4096);
        _buffer.ResetWrittenCount();
        Json.Reset(_buffer);
    }

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written
    {
        get
        {
            Json.Flush();
            return _buffer.WrittenSpan;
        }
    }

    /// <summary>What was written, without escapes that PandaProbe cannot store.</summary>
    public ReadOnlySpan<byte> Storable()
    {
        Json.Flush();
        StorableJson.ReplaceEscapes(MemoryMarshal.AsMemory(_buffer.WrittenMemory).Span);
        return _buffer.WrittenSpan;
    }

    /// <summary>Fills the draft with another one's JSON, with numbers that PandaProbe cannot store as strings.</summary>
    public ReadOnlySpan<byte> WriteWithoutLongNumbers(ReadOnlySpan<byte> json)
    {
        StorableJson.CopyWithoutLongNumbers(json, _buffer);
        return _buffer.WrittenSpan;
    }
}
