namespace PandaProbe.Pricing;

/// <summary>
/// Reloads prices when their file changes. Polls the file's time and size instead of using file system notifications. Notifications get
/// lost on network shares and in containers, and a mounted configuration map changes by a symbolic link being replaced, which raises none
/// in the file's own folder.
/// </summary>
internal sealed class PriceFileWatcher : IDisposable
{
    /// <summary>The time that a changed file must stay unchanged before it is read. Editors write in several steps.</summary>
    internal static readonly TimeSpan SettleTime = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan LongestInterval = TimeSpan.FromDays(1);

    private const int MaxFileSize = 4 * 1024 * 1024;

    private readonly object _checking = new();
    private readonly string _path;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _time;
    private readonly Action<List<ModelPrice>> _apply;
    private readonly Action<string> _report;
    private ITimer? _timer;
    private Stamp? _read;
    private Stamp? _changing;
    private string? _reported;

    internal PriceFileWatcher(string path, TimeSpan interval, TimeProvider time, Action<List<ModelPrice>> apply, Action<string> report)
    {
        _path = Path.GetFullPath(path);
        _interval = interval == Timeout.InfiniteTimeSpan || interval > LongestInterval ? LongestInterval : interval > SettleTime
            ? interval : SettleTime;
        _time = time;
        _apply = apply;
        _report = report;
    }

    internal void Start()
    {
        Read();
        _timer = _time.CreateTimer(static watcher => ((PriceFileWatcher)watcher!).Check(), this, _interval, _interval);
    }

    public void Dispose() => _timer?.Dispose();

    private void Check()
    {
        // On a slow disk, a check can take longer than the interval. Waiting checks would block more and more threads.
        if (!Monitor.TryEnter(_checking))
            return;
        try
        {
            Stamp? now = Look();
            if (now is null || now == _read)
            {
                _changing = null;
            }
            else if (now == _changing)
            {
                _changing = null;
                Read();
            }
            else
            {
                _changing = now;
                _timer?.Change(SettleTime, _interval);
            }
        }
        finally
        {
            Monitor.Exit(_checking);
        }
    }

    private Stamp? Look()
    {
        try
        {
            using FileStream file = Open();
            return Stamp.Of(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            Report(fault.Message);
            return null;
        }
    }

    private void Read()
    {
        try
        {
            byte[] json;
            using (FileStream file = Open())
            {
                var before = Stamp.Of(file);
                if (before.Length > MaxFileSize)
                    throw new FormatException($"it is larger than {MaxFileSize} bytes");
                json = new byte[before.Length];
                file.ReadExactly(json);

                // The file changed during the read, so the next check reads it again.
                if (Stamp.Of(file) != before)
                    return;
                _read = before;
            }

            _apply(PriceFile.Parse(json));
            _reported = null;
        }
        catch (Exception fault) when (fault is FormatException or IOException or UnauthorizedAccessException or NotSupportedException)
        {
            Report(fault.Message);
        }
    }

    // Reports each fault once, not on every check.
    private void Report(string fault)
    {
        if (fault == _reported)
            return;
        _reported = fault;
        _report($"The price file '{_path}' was not used, prices stay as they were: {fault}");
    }

    private FileStream Open() => new(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);

    /// <summary>Identifies a file version. It is read from the open file, so that it follows symbolic links.</summary>
    private readonly record struct Stamp(DateTime Written, long Length)
    {
        internal static Stamp Of(FileStream file) =>
            new(File.GetLastWriteTimeUtc(file.SafeFileHandle), RandomAccess.GetLength(file.SafeFileHandle));
    }
}
