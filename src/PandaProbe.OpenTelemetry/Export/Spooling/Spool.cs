using System.Globalization;
using PandaProbe.Diagnostics;
using PandaProbe.Export.Outcomes;
using PandaProbe.Export.Writing;

namespace PandaProbe.Export.Spooling;

/// <summary>
/// A directory of requests that could not be sent. Files appear whole or not at all (written aside, then renamed), sort by age, and are
/// only readable by their owner. Any process may add; whoever holds the lock replays, and the lock dies with its process.
/// </summary>
internal sealed class Spool
{
    private const string Extension = ".ppspool";
    private const string BadExtension = ".bad";
    private const string AsideExtension = ".tmp";
    private const int LargestHead = 1024;
    private const int SmallestLimit = 16 * 1024 * 1024;

    private readonly string _directory;
    private readonly PandaProbeExporterOptions _options;
    private readonly TimeProvider _time;
    private readonly object _gate = new();
    private readonly long _largestFile;
    private readonly SpoolLock _lock;

    // What this process has written and neither sent nor given up.
    private readonly Dictionary<string, SpoolEntry> _own = new(StringComparer.Ordinal);

    // Set aside when it was too old already. The next process deletes it.
    private readonly HashSet<string> _kept = new(StringComparer.Ordinal);
    private long _size;
    private long _besides;
    private long _reserved;
    private int _files;
    private long _lastStamp;

    private Spool(string directory, PandaProbeExporterOptions options, TimeProvider time)
    {
        _directory = directory;
        _options = options;
        _time = time;
        _lock = new(directory);
        _largestFile = 2L * Math.Max(options.MaxRequestBytes, SmallestLimit);
    }

    public bool IsEmpty => Volatile.Read(ref _files) == 0;

    /// <summary>Whether this process has written something that is still to be sent, unless somebody has deleted it.</summary>
    public bool HasOwn
    {
        get
        {
            lock (_gate)
                return _own.Count > 0;
        }
    }

    /// <summary>Bytes that wait.</summary>
    public long Size => Math.Max(0, Volatile.Read(ref _size));

    /// <summary>Files that wait for something of their own, such as a score for its trace: nothing has to queue behind them.</summary>
    public int Deferred { get; set; }

    /// <summary>Whether something waits that new requests have to queue behind.</summary>
    public bool HasBacklog => Volatile.Read(ref _files) > Deferred;

    public static Spool? TryOpen(PandaProbeExporterOptions options, TimeProvider time)
    {
        if (string.IsNullOrWhiteSpace(options.SpoolDirectory))
            return null;

        try
        {
            Spool spool = new(Path.GetFullPath(options.SpoolDirectory), options, time);
            SpoolFile.CreateDirectory(spool._directory);
            spool.Scan();
            return spool;
        }
        catch (Exception exception) when (
            exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            PandaProbeEventSource.Log.ConfigurationProblem(
                $"The spool directory '{options.SpoolDirectory}' cannot be used, so traces that cannot be sent are only kept in memory: {exception.Message}");
            return null;
        }
    }

    /// <summary>Writes an entry. The reason when it could not be.</summary>
    public string? Add(SpoolEntry entry, RequestBody body)
    {
        long reserved = body.Length + LargestHead;
        lock (_gate)
        {
            if (_size + _besides + _reserved + reserved > _options.SpoolMaxBytes)
                return DropReasons.SpoolFull;
            _reserved += reserved;
        }

        try
        {
            // Whoever cleans up temporary files may have taken it away meanwhile.
            SpoolFile.CreateDirectory(_directory);
            return TryWrite(NextName(), entry, body) is null ? DropReasons.SpoolFailed : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            PandaProbeEventSource.Log.TelemetryFailed("spool", exception);
            return DropReasons.SpoolFailed;
        }
        finally
        {
            lock (_gate)
                _reserved -= reserved;
        }
    }

    /// <summary>
    /// Writes an entry that is a piece of the one in <paramref name="whole"/>, next to it and as old. Null when it could not be.
    /// </summary>
    public FileInfo? AddPiece(FileInfo whole, int number, SpoolEntry entry, RequestBody body) =>
        TryWrite($"{Path.GetFileNameWithoutExtension(whole.Name)}-{number}", entry, body);

    /// <summary>The right to replay, until it is disposed; null while another process has it.</summary>
    /// <param name="gone">What this process has written and somebody has deleted, unless another process may have sent it.</param>
    public IDisposable? TryLock(out SpoolEntry[] gone)
    {
        gone = [];
        IDisposable? right = _lock.TryTake(out bool othersReplayed);
        if (right is null)
            return null;

        lock (_gate)
        {
            string[] missing = [.. _own.Keys.Where(name => !File.Exists(Path.Combine(_directory, name)))];
            if (!othersReplayed)
                gone = [.. missing.Select(name => _own[name])];
            foreach (string name in missing)
                _own.Remove(name);
        }

        return right;
    }

    /// <summary>
    /// What waits, oldest first. Deletes what killed processes left half-written, and what was set aside, when it is too old.
    /// </summary>
    public FileInfo[] Scan()
    {
        lock (_gate)
        {
            DirectoryInfo directory = new(_directory);
            ILookup<bool, FileInfo> all = (directory.Exists ? directory.GetFiles() : [])
                .ToLookup(static file => file.Name.EndsWith(Extension, StringComparison.Ordinal));
            FileInfo[] files = [.. all[true].OrderBy(static file => file.Name, StringComparer.Ordinal)];
            _size = files.Sum(Length);
            _besides = all[false].Where(IsBeside).Sum(
                file => IsTooOld(file) && !_kept.Contains(file.Name) && SpoolFile.TryDelete(file.FullName) ? 0 : Length(file));
            _files = files.Length;
            return files;
        }

        static long Length(FileInfo file) => file.Exists ? file.Length : 0;
    }

    public bool IsTooOld(FileInfo file) =>
        long.TryParse(file.Name.AsSpan(0, Math.Min(19, file.Name.Length)), NumberStyles.None, CultureInfo.InvariantCulture, out long ticks)
        && _time.GetUtcNow().UtcTicks - ticks > _options.SpoolMaxAge.Ticks;

    /// <summary>
    /// Reads an entry into <paramref name="body"/>. A file that is not whole is set aside; null then, when it is gone, or when it cannot be
    /// read now.
    /// </summary>
    public SpoolEntry? Read(FileInfo file, RequestBody body)
    {
        body.Clear();
        SpoolEntry? entry = null;

        // Never opened: a named pipe would block, and has no length; a device or a file that somebody blew up would fill the memory.
        if (file.Exists && (file.Length < SpoolEntry.Smallest || file.Length > _largestFile || file.LinkTarget is not null))
        {
            SetAside(file, "it is damaged");
            return null;
        }

        try
        {
            using (FileStream stream = new(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete))
                entry = SpoolEntry.Read(stream, body);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            Forget(file, settled: false);
            return null;
        }
        catch (IOException exception) when (!IsTooOld(file))
        {
            // No fault of the file: another program has it open, or this one has too many. The next scan finds it again.
            PandaProbeEventSource.Log.TelemetryFailed("spool", exception);
            return null;
        }
        catch (Exception exception) when (
            exception is IOException or UnauthorizedAccessException or System.Text.Json.JsonException or InvalidOperationException
                or KeyNotFoundException or FormatException)
        {
            PandaProbeEventSource.Log.TelemetryFailed("spool", exception);
        }

        if (entry is null)
            SetAside(file, "it is damaged");
        return entry;
    }

    /// <summary>False when the file is still there.</summary>
    public bool Delete(FileInfo file)
    {
        if (!SpoolFile.TryDelete(file.FullName))
            return false;

        Forget(file);
        return true;
    }

    /// <param name="file">A file that will never be sent.</param>
    /// <param name="why">Completes a sentence: "The spooled file … was set aside, because …".</param>
    public void SetAside(FileInfo file, string why)
    {
        try
        {
            File.Move(file.FullName, file.FullName + BadExtension, overwrite: true);
            PandaProbeEventSource.Log.ConfigurationProblem(
                $"The spooled file '{file.Name}' was set aside as '{file.Name}{BadExtension}', because {why}.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            PandaProbeEventSource.Log.TelemetryFailed("spool", exception);
        }

        Forget(file);
        lock (_gate)
        {
            _besides += file.Length;
            if (IsTooOld(file))
                _kept.Add(file.Name + BadExtension);
        }
    }

    private FileInfo? TryWrite(string name, SpoolEntry entry, RequestBody body)
    {
        string aside = Path.Combine(_directory, name + AsideExtension);
        try
        {
            using (FileStream file = SpoolFile.Open(aside, FileMode.CreateNew, FileAccess.Write))
                SpoolEntry.Write(file, entry, body);

            // The file appears and is counted at once: a scan sees both or neither.
            FileInfo written = new(Path.Combine(_directory, name + Extension));
            lock (_gate)
            {
                File.Move(aside, written.FullName, overwrite: true);
                _size += written.Length;
                _files++;
                _own[written.Name] = entry;
            }

            return written;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            PandaProbeEventSource.Log.TelemetryFailed("spool", exception);
            SpoolFile.TryDelete(aside);
            return null;
        }
    }

    private static bool IsBeside(FileInfo file) =>
        file.Name.EndsWith(BadExtension, StringComparison.Ordinal) || file.Name.EndsWith(AsideExtension, StringComparison.Ordinal);

    private void Forget(FileInfo file, bool settled = true)
    {
        lock (_gate)
        {
            if (settled)
                _own.Remove(file.Name);
            _files = Math.Max(0, _files - 1);
            _size -= file.Length;
        }
    }

    private string NextName()
    {
        long stamp;
        lock (_gate)
            stamp = _lastStamp = Math.Max(_lastStamp + 1, _time.GetUtcNow().UtcTicks);
        return string.Create(
            CultureInfo.InvariantCulture, $"{stamp:D19}-{System.Environment.ProcessId:D8}-{Guid.NewGuid().ToString("N")[..8]}");
    }
}
