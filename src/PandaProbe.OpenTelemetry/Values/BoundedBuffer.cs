using System.Buffers;

namespace PandaProbe.Values;

/// <summary>
/// Stops the serialiser by an exception when it has written far more than may be recorded. A caller's sequence may be infinite.
/// </summary>
internal sealed class BoundedBuffer(int maxLength) : IBufferWriter<byte>
{
    /// <summary>
    /// The bytes per character that may be recorded. An escaped character has six. The allowance lets a document end that can be shortened
    /// in its texts.
    /// </summary>
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
