using System.Buffers;

namespace PandaProbe.Values;

/// <summary>Stops the serialiser, by an exception, when it has written far more than may be recorded: a caller's sequence may have no end.</summary>
internal sealed class BoundedBuffer(int maxLength) : IBufferWriter<byte>
{
    /// <summary>Bytes a character: an escaped one has six, and a document that can be shortened in its texts should get to its end.</summary>
    public const int Factor = 8;

    private readonly ArrayBufferWriter<byte> _buffer = new(1024);

    public bool IsFull { get; private set; }

    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    public void Advance(int count) => _buffer.Advance(count);

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        IsFull |= _buffer.WrittenCount > (long)Factor * maxLength;
        return IsFull ? throw new InvalidOperationException("The value is longer than what may be recorded.") : _buffer.GetMemory(sizeHint);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}
