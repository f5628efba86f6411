using System.Buffers;
using PandaProbe.Recording;

namespace PandaProbe.OpenAI.Protocol;

/// <summary>An answer in one piece of JSON, which the caller asked not to be buffered.</summary>
internal sealed class PassingJson(ModelCall call, WireFormat format) : PassingAnswer(call)
{
    private readonly ArrayBufferWriter<byte> _read = new();
    private int _ended;

    // Whoever knows how long it is may not read on to find the end.
    public override void Complete()
    {
    }

    public override void Failed(Exception exception) => Call.Saw(exception);

    protected override void Add(ReadOnlySpan<byte> bytes)
    {
        if (Volatile.Read(ref _ended) == 0)
            _read.Write(bytes);
    }

    protected override void End()
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
            return;

        if (_read.WrittenCount > 0)
            Call.Record((format, _read), static (call, state) => state.format.ReadResponse(call, state._read.WrittenMemory));
        Call.End();
    }
}
