using System.Diagnostics;
using PandaProbe.Calls;

namespace PandaProbe.OpenAI.Streams;

/// <summary>One reading of a typed stream, from the request to its end.</summary>
internal sealed class OpenStream<T>(ModelCall call, UpdateReader<T> reader)
{
    public ModelCall Call => call;

    public Activity? Span { get; } = Activity.Current;

    /// <summary>Whether the stream came to its own end, good or bad.</summary>
    public bool IsComplete { get; set; }

    public TResult Guard<TResult>(Func<TResult> step)
    {
        try
        {
            return step();
        }
        catch (Exception exception) when (Failed(exception))
        {
            throw;
        }
    }

    public bool Failed(Exception exception)
    {
        IsComplete = true;
        return call.Saw(exception);
    }

    public void Read(T update) => call.Record((reader, update), static (call, state) => state.reader.Read(call, state.update));

    public void Finish()
    {
        call.Record(reader, static (call, reader) => reader.Finish(call));
        if (!IsComplete)
            call.SetAbandoned();
        call.End();
    }
}
