using System.Diagnostics;
using PandaProbe.Diagnostics;
using PandaProbe.Recording;

namespace PandaProbe.OpenAI.Protocol;

/// <summary>What becomes of the bytes of an answer while they pass on their way to the caller.</summary>
internal abstract class PassingAnswer(ModelCall call)
{
    protected ModelCall Call { get; } = call;

    public void Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            Add(bytes);
        }
        catch (Exception exception)
        {
            PandaProbeEventSource.Log.TelemetryFailed("stream", exception);
        }
    }

    /// <summary>There is no more.</summary>
    public abstract void Complete();

    public abstract void Failed(Exception exception);

    /// <summary>Ends the call, once.</summary>
    public void Finish()
    {
        // The stream is read wherever the caller likes: what the end of the call makes current there must not stay.
        Activity? before = Activity.Current;
        Call.Enter();
        End();
        Call.Leave(before);
    }

    protected abstract void Add(ReadOnlySpan<byte> bytes);

    protected abstract void End();
}
