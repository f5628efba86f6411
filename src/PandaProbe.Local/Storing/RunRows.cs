using Microsoft.Data.Sqlite;

namespace PandaProbe.Local.Storing;

/// <summary>The table of runs: of programs that were started with <c>--run</c>, and of tests, which name theirs in the resource.</summary>
internal sealed class RunRows(SqliteConnection connection) : IDisposable
{
    private readonly Statement _find = new(connection, "SELECT id FROM run WHERE name = ?1");
    private readonly Statement _insert = new(connection, "INSERT INTO run (name, started) VALUES (?1, ?2)");
    private (string Name, long Id)? _last;

    /// <summary>Returns the id of a run.</summary>
    /// <param name="name">The name of the run.</param>
    /// <param name="now">The time of its start, where it is new.</param>
    public long FindOrAdd(string name, long now)
    {
        if (_last is { } last && last.Name == name)
            return last.Id;

        long? id = _find.Bind(1, name).RunForNumber();
        if (id is null)
        {
            _insert.Bind(1, name).Bind(2, now).Run();
            id = _insert.InsertedId;
        }

        _last = (name, id.Value);
        return id.Value;
    }

    /// <summary>Forgets what it remembers of the file, which has changed or whose transaction was rolled back.</summary>
    public void Forget() => _last = null;

    public void Dispose()
    {
        _find.Dispose();
        _insert.Dispose();
    }
}
