using System.Buffers;
using PandaProbe.Recording;

namespace PandaProbe.OpenAI.Protocol;

/// <summary>Records an unbuffered JSON response.</summary>
internal sealed class PassingJson(ModelCall call, WireFormat format) : PassingAnswer(call)
{
    private readonly ArrayBufferWriter<byte> _read = new();
    private int _ended;

    // Does nothing, because a caller that knows the length may never read the end of the stream. End reads the JSON instead.
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
