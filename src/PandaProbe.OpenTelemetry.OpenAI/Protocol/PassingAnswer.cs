using System.Diagnostics;
using PandaProbe.Diagnostics;
using PandaProbe.Recording;

namespace PandaProbe.OpenAI.Protocol;

/// <summary>Records the bytes of a response while the caller reads them.</summary>
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

    /// <summary>Signals the end of the stream.</summary>
    public abstract void Complete();

    public abstract void Failed(Exception exception);

    /// <summary>Ends the call. Later calls do nothing.</summary>
    public void Finish()
    {
        // The caller may read the stream in any ExecutionContext. Ending the call changes Activity.Current, so it is restored.
        Activity? before = Activity.Current;
        Call.Enter();
        End();
        Call.Leave(before);
    }

    protected abstract void Add(ReadOnlySpan<byte> bytes);

    protected abstract void End();
}
