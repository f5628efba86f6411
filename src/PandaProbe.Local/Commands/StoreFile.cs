using System.Globalization;
using Microsoft.Data.Sqlite;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Commands;

/// <summary>
/// The store of the running viewer, or the one that it would use, for reading. SQLite lets any process read beside the one that writes, so
/// commands ask no server, and answer whether one runs or not.
/// </summary>
internal sealed class StoreFile : IDisposable
{
    private readonly string _connectionString;

    static StoreFile() => SQLitePCL.Batteries_V2.Init();

    private StoreFile(string path, RunningViewer? running)
    {
        _connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
            DefaultTimeout = 10
        }.ToString();
        Pages = new Uri(running?.Http ?? string.Create(CultureInfo.InvariantCulture, $"http://localhost:{ServeOptions.DefaultPort}/"));
        Path = path;
        Connection = OpenReader();
    }

    public string Path { get; }

    /// <summary>Gets where the pages of the viewer are, or will be when it is started.</summary>
    public Uri Pages { get; }

    public SqliteConnection Connection { get; }

    /// <summary>Opens the file, or says why it cannot be read.</summary>
    public static StoreFile? TryOpen(string? given, TextWriter error)
    {
        string directory = DataDirectory.Find();
        var running = RunningViewer.Read(directory);
        string path = System.IO.Path.GetFullPath(given ?? running?.Store ?? System.IO.Path.Combine(directory, "traces.db"));
        if (!File.Exists(path))
        {
            error.WriteLine($"There are no traces yet: {path} does not exist. Start `pandaprobe-local`, and send it some.");
            return null;
        }

        try
        {
            StoreFile file = new(path, running is not null && running.Store == path ? running : null);
            long version = Schema.Number(file.Connection, "PRAGMA user_version");
            if (version == Schema.Version)
                return file;

            file.Dispose();
            error.WriteLine(version < Schema.Version
                ? $"{path} was written by an earlier version. Start `pandaprobe-local` once: it brings the file up to date."
                : $"{path} was written by a later version of the viewer.");
        }
        catch (SqliteException exception)
        {
            error.WriteLine($"{path} cannot be read: {exception.Message}");
        }

        return null;
    }

    public SqliteConnection OpenReader()
    {
        SqliteConnection connection = new(_connectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public void Dispose() => Connection.Dispose();
}
