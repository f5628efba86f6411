using Microsoft.Data.Sqlite;
using PandaProbe.Local.Commands;

namespace PandaProbe.Local.Storing;

/// <summary>The file with everything that was received: one writer, and any number of readers beside it.</summary>
internal sealed class Store : IAsyncDisposable
{
    private readonly StoreOptions _options;
    private readonly string _connectionString;
    private readonly bool _isTemporary;
    private StoreWriter _writer = null!;

    static Store() => SQLitePCL.Batteries_V2.Init();

    private Store(StoreOptions options, string path, bool isTemporary)
    {
        _options = options;
        Path = path;
        _isTemporary = isTemporary;
        _connectionString = new SqliteConnectionStringBuilder { DataSource = path, Pooling = true, DefaultTimeout = 10 }.ToString();
    }

    public string Path { get; }

    public TimeProvider Time => _options.Time;

    public StoreOptions Options => _options;

    /// <summary>Happens after every commit, on the writer's thread.</summary>
    public event Action<CommitNews>? Committed;

    /// <summary>Opens the store. A damaged file is set aside and a new one begun.</summary>
    /// <exception cref="StoreException">The file cannot be used, for a reason that its message tells.</exception>
    public static Store Open(StoreOptions options)
    {
        bool isTemporary = options.Path == StoreOptions.InMemory;
        string path = isTemporary
            ? System.IO.Path.Combine(Directory.CreateTempSubdirectory("pandaprobe-local-").FullName, "traces.db")
            : System.IO.Path.GetFullPath(options.Path);
        Store store = new(options, path, isTemporary);
        try
        {
            if (System.IO.Path.GetDirectoryName(path) is { } directory)
                Directory.CreateDirectory(directory);
            try
            {
                store.Begin();
            }
            catch (SqliteException exception) when (exception.SqliteErrorCode is 11 or 26)
            {
                store.SetAside(exception);
                store.Begin();
            }
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"The store {path} cannot be used: {exception.Message}");
        }

        return store;
    }

    public Task WriteAsync(WriteRequest request) => _writer.WriteAsync(request);

    public bool HasRoom(long size) => _writer.HasRoom(size);

    /// <summary>Opens a connection for reading. Dispose it soon: an old picture of the file keeps its log from shrinking.</summary>
    public SqliteConnection OpenReader()
    {
        SqliteConnection connection = new(_connectionString);
        connection.Open();
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        ClearPool();
        if (_isTemporary)
            Directory.Delete(System.IO.Path.GetDirectoryName(Path)!, recursive: true);
    }

    private void Begin()
    {
        bool isNew = !File.Exists(Path);
        using (SqliteConnection connection = Open())
        {
            if (isNew)
                DataDirectory.KeepToOwner(Path);
            if (Schema.Upgrade(connection) is { } problem)
                throw new StoreException(problem);

            // Finds damage in the tables that every start needs, without reading gigabytes.
            Schema.Number(connection, "SELECT count(*) FROM (SELECT 1 FROM trace ORDER BY id DESC LIMIT 50)");
        }

        _writer = new(_options, Open, ReplaceFile, news => Committed?.Invoke(news));
    }

    private SqliteConnection Open()
    {
        SqliteConnection connection = new(
            new SqliteConnectionStringBuilder { DataSource = Path, Pooling = false, DefaultTimeout = 10 }.ToString());
        try
        {
            connection.Open();
            long logPages = Math.Max(1, _options.LogBytes / Schema.PageSize);
            Schema.Execute(connection, $"""
                PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000; PRAGMA cache_size = -65536;
                PRAGMA wal_autocheckpoint = {logPages}; PRAGMA journal_size_limit = {_options.LogBytes};
                """);
            if (_options.MostPages is { } pages)
                Schema.Execute(connection, $"PRAGMA max_page_count = {pages}");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Called by the writer when the file turns out to be damaged.</summary>
    private bool ReplaceFile(Exception exception)
    {
        try
        {
            SetAside(exception);
            using SqliteConnection connection = Open();
            DataDirectory.KeepToOwner(Path);
            return Schema.Upgrade(connection) is null;
        }
        catch (Exception other) when (other is SqliteException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private void SetAside(Exception exception)
    {
        ClearPool();
        string aside = $"{Path}.damaged-{_options.Time.GetUtcNow():yyyyMMdd-HHmmss}";
        foreach (string suffix in (string[])["", "-wal", "-shm"])
        {
            if (File.Exists(Path + suffix))
                File.Move(Path + suffix, aside + suffix, overwrite: true);
        }

        _options.Say($"The store was damaged ({exception.Message}). It is kept as {aside}, and a new one begins.");
    }

    private void ClearPool()
    {
        using SqliteConnection connection = new(_connectionString);
        SqliteConnection.ClearPool(connection);
    }
}

/// <summary>The store cannot be used; the message is for the one who started the viewer.</summary>
internal sealed class StoreException(string message) : Exception(message);
