using PandaProbe.Diagnostics;

namespace PandaProbe.Export.Local;

/// <summary>
/// Knows whether a viewer runs. Without one, a span that starts or ends reads a clock, and once in a second has the thread pool look for
/// the viewer's file. There is no thread and no timer for it.
/// </summary>
internal sealed class ViewerWatch : IThreadPoolWorkItem
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly string _directory;
    private readonly TimeProvider _time;
    private readonly object _reading = new();
    private LocalViewer? _viewer;
    private DateTime _abandoned;
    private long _looked;
    private int _isLooking;

    public ViewerWatch(string directory, TimeProvider time)
    {
        _directory = directory;
        _time = time;
        Look();
    }

    /// <summary>Gets the viewer as of the last look.</summary>
    public LocalViewer? Viewer => Volatile.Read(ref _viewer);

    /// <summary>Returns whether a viewer runs, as of the last look.</summary>
    public bool IsThere()
    {
        if (Volatile.Read(ref _viewer) is not null)
            return true;

        if (_time.GetElapsedTime(Volatile.Read(ref _looked)) >= Interval && Interlocked.Exchange(ref _isLooking, 1) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return false;
    }

    /// <summary>Looks now. Not for the threads of the application: it reads files.</summary>
    public LocalViewer? Look()
    {
        lock (_reading)
        {
            var found = LocalViewer.Find(_directory, ref _abandoned);
            if (found != _viewer)
            {
                PandaProbeEventSource.Log.Started(
                    found is null ? "The local viewer has ended." : $"PandaProbe sends to the local viewer at {found.Address}.");
            }

            Volatile.Write(ref _viewer, found);
            Volatile.Write(ref _looked, _time.GetTimestamp());
            return found;
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        try
        {
            Look();
        }
        catch (Exception exception)
        {
            PandaProbeEventSource.Log.TelemetryFailed("local viewer", exception);
        }
        finally
        {
            Volatile.Write(ref _isLooking, 0);
        }
    }
}
