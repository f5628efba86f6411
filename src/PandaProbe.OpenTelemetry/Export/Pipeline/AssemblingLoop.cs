using System.Diagnostics;
using PandaProbe.Diagnostics;
using PandaProbe.Export.Assembling;
using PandaProbe.Export.Scores;

namespace PandaProbe.Export.Pipeline;

/// <summary>The thread that takes spans and scores from the entrance and assembles traces. It ends when the entrance is closed.</summary>
internal sealed class AssemblingLoop(Entrance entrance, TraceAssembler assembler, FlushCoordinator flushes)
{
    private readonly TaskCompletionSource<Task> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the thread has ended; its result, when all that it handed to the senders has left.</summary>
    public Task<Task> Ended => _ended.Task;

    /// <inheritdoc cref="TraceAssembler.HasOrphans"/>
    public bool HasOrphans => assembler.HasOrphans;

    public void Start() => new Thread(Run) { IsBackground = true, Name = "PandaProbe.Export" }.Start();

    private void Run()
    {
        while (!entrance.IsClosed)
        {
            bool due = entrance.Wait();
            Drain();
            Release(due, andOpen: false);
        }

        Drain();
        Release(due: true, andOpen: true);
        entrance.End();
        _ended.SetResult(flushes.Next());
    }

    private void Drain()
    {
        while (entrance.TryTake(out object? item, out long bytes))
        {
            try
            {
                Take(item, bytes);
            }
            catch (Exception exception)
            {
                PandaProbeEventSource.Log.TelemetryFailed("export", exception);
            }
        }
    }

    private void Take(object item, long bytes)
    {
        switch (item)
        {
            case Activity activity:
                assembler.Add(activity, bytes);
                assembler.Release(everything: false);
                break;
            case ScoreItem score:
                assembler.Add(score);
                break;
            case TaskCompletionSource<Task> marker:
                Release(due: true, andOpen: false);
                marker.SetResult(flushes.Next());
                break;
        }
    }

    private void Release(bool due, bool andOpen)
    {
        try
        {
            if (andOpen)
                assembler.ReleaseOpen();
            else
                assembler.Release(everything: due);
        }
        catch (Exception exception)
        {
            PandaProbeEventSource.Log.TelemetryFailed("export", exception);
        }
    }
}
