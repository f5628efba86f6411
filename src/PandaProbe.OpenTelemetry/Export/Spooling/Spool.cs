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
    private const string LockName = "replay.lock";

    private readonly string _directory;
    private readonly PandaProbeExporterOptions _options;
    private readonly TimeProvider _time;
    private readonly object _gate = new();
    private readonly long _largestFile;
    private long _size;
    private long _besides;
    private long _reserved;
    private int _files;
    private long _lastStamp;
    private bool _isForbidden;

    private Spool(string directory, PandaProbeExporterOptions options, TimeProvider time)
    {
        _directory = directory;
        _options = options;
        _time = time;
        _largestFile = 2L * Math.Max(options.MaxRequestBytes, SmallestLimit);
    }

    public bool IsEmpty => Volatile.Read(ref _files) == 0;

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
            spool.CreateDirectory();
            spool.Sweep();
            spool.Count();
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
            CreateDirectory();
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
    public IDisposable? TryLock()
    {
        try
        {
            FileStreamOptions options = new() { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            return new FileStream(Path.Combine(_directory, LockName), options);
        }
        catch (UnauthorizedAccessException exception)
        {
            if (!_isForbidden)
            {
                PandaProbeEventSource.Log.ConfigurationProblem(
                    $"What is in the spool directory '{_directory}' cannot be sent, because its '{LockName}' belongs to somebody else: {exception.Message} Give PandaProbe a directory of its own.");
            }

            _isForbidden = true;
            return null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>What waits, oldest first.</summary>
    public FileInfo[] Scan()
    {
        try
        {
            return Count();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            PandaProbeEventSource.Log.TelemetryFailed("spool", exception);
            return [];
        }
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
            Forget(file);
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
        if (!TryDelete(file.FullName))
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
    }

    private FileInfo? TryWrite(string name, SpoolEntry entry, RequestBody body)
    {
        string aside = Path.Combine(_directory, name + AsideExtension);
        try
        {
            FileStreamOptions options = new()
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Share = FileShare.None,
                BufferSize = 0
            };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

            using (FileStream file = new(aside, options))
                SpoolEntry.Write(file, entry, body);

            // The file appears and is counted at once: a scan sees both or neither.
            FileInfo written = new(Path.Combine(_directory, name + Extension));
            lock (_gate)
            {
                File.Move(aside, written.FullName, overwrite: true);
                _size += written.Length;
                _files++;
            }

            return written;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            PandaProbeEventSource.Log.TelemetryFailed("spool", exception);
            TryDelete(aside);
            return null;
        }
    }

    private void CreateDirectory()
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(_directory);
        else
            Directory.CreateDirectory(_directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static bool IsBeside(FileInfo file) =>
        file.Name.EndsWith(BadExtension, StringComparison.Ordinal) || file.Name.EndsWith(AsideExtension, StringComparison.Ordinal);

    /// <summary>What killed processes left half-written, and what was set aside, does not stay longer than what is whole.</summary>
    private void Sweep()
    {
        foreach (FileInfo file in new DirectoryInfo(_directory).GetFiles().Where(IsBeside))
        {
            if (IsTooOld(file))
                TryDelete(file.FullName);
        }
    }

    private FileInfo[] Count()
    {
        lock (_gate)
        {
            DirectoryInfo directory = new(_directory);
            ILookup<bool, FileInfo> all = (directory.Exists ? directory.GetFiles() : [])
                .ToLookup(static file => file.Name.EndsWith(Extension, StringComparison.Ordinal));
            FileInfo[] files = [.. all[true].OrderBy(static file => file.Name, StringComparer.Ordinal)];
            _size = files.Sum(Length);
            _besides = all[false].Where(IsBeside).Sum(Length);
            _files = files.Length;
            return files;
        }

        static long Length(FileInfo file) => file.Exists ? file.Length : 0;
    }

    private void Forget(FileInfo file)
    {
        lock (_gate)
        {
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

    private static bool TryDelete(string path)
    {
        try
        {
            File.Delete(path);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            PandaProbeEventSource.Log.TelemetryFailed("spool", exception);
            return false;
        }
    }
}
