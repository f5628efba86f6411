using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace PandaProbe.Local.Storing;

/// <summary>
/// A prepared statement that is run many times. The writer uses it instead of <see cref="SqliteCommand"/>, which makes a reader and looks
/// parameters up by name at every run: several times what SQLite itself needs for a row.
/// </summary>
internal sealed class Statement : IDisposable
{
    private const int LongestOnStack = 512;

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _owner;
    private readonly nint _statement;

    public Statement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle!;
        Check(raw.sqlite3_prepare_v3(_database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _owner));
        _statement = _owner.DangerousGetHandle();
    }

    public Statement Bind(int index, long value)
    {
        Check(NativeSqlite.BindLong(_statement, index, value));
        return this;
    }

    public Statement Bind(int index, long? value) => value is { } known ? Bind(index, known) : BindNull(index);

    public Statement Bind(int index, double? value)
    {
        Check(value is { } known ? NativeSqlite.BindDouble(_statement, index, known) : NativeSqlite.BindNull(_statement, index));
        return this;
    }

    public Statement Bind(int index, string? value)
    {
        if (value is null)
            return BindNull(index);

        if (value.Length <= LongestOnStack / 3)
        {
            Span<byte> bytes = stackalloc byte[LongestOnStack];
            Check(NativeSqlite.BindText(_statement, index, bytes[..Encoding.UTF8.GetBytes(value, bytes)]));
        }
        else
        {
            Check(NativeSqlite.BindText(_statement, index, Encoding.UTF8.GetBytes(value)));
        }

        return this;
    }

    public Statement Bind(int index, ReadOnlySpan<byte> value)
    {
        Check(NativeSqlite.BindBlob(_statement, index, value));
        return this;
    }

    public Statement BindNull(int index)
    {
        Check(NativeSqlite.BindNull(_statement, index));
        return this;
    }

    public Statement Bind(int index, UInt128 id)
    {
        Span<byte> bytes = stackalloc byte[16];
        Ids.Write(id, bytes);
        return Bind(index, bytes);
    }

    /// <summary>Binds an identifier; zero becomes null.</summary>
    public Statement BindId(int index, UInt128 id) => id == default ? BindNull(index) : Bind(index, id);

    /// <summary>Returns whether there is a row. The caller resets the statement behind the last one.</summary>
    public bool Step()
    {
        int result = NativeSqlite.Step(_statement);
        if (result == raw.SQLITE_ROW)
            return true;
        if (result == raw.SQLITE_DONE)
            return false;

        Reset();
        throw Failure(result);
    }

    /// <summary>Ends a run. What a run failed with was thrown by <see cref="Step"/>, and comes again here.</summary>
    public void Reset() => _ = NativeSqlite.Reset(_statement);

    /// <summary>Runs a statement that has no rows.</summary>
    public void Run()
    {
        Step();
        Reset();
    }

    /// <summary>Runs a statement for its first column, and returns null when it has no row.</summary>
    public long? RunForNumber()
    {
        long? result = Step() ? Long(0) : null;
        Reset();
        return result;
    }

    public long InsertedId => raw.sqlite3_last_insert_rowid(_database);

    public long Changes => raw.sqlite3_changes(_database);

    public bool IsNull(int column) => NativeSqlite.TypeOf(_statement, column) == raw.SQLITE_NULL;

    public long Long(int column) => NativeSqlite.Long(_statement, column);

    public long? LongOrNull(int column) => IsNull(column) ? null : Long(column);

    public double? DoubleOrNull(int column) => IsNull(column) ? null : NativeSqlite.Double(_statement, column);

    public double Double(int column) => NativeSqlite.Double(_statement, column);

    public string? Text(int column) => IsNull(column) ? null : Encoding.UTF8.GetString(NativeSqlite.Bytes(_statement, column));

    /// <summary>Returns a text as it is stored. It is valid until the next step.</summary>
    public ReadOnlySpan<byte> Utf8(int column) => NativeSqlite.Bytes(_statement, column);

    public ReadOnlySpan<byte> Blob(int column) => NativeSqlite.Bytes(_statement, column);

    public UInt128 Id(int column) => Ids.Read(Blob(column));

    public void Dispose() => _owner.Dispose();

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
            throw Failure(result);
    }

    private SqliteException Failure(int result) => new(raw.sqlite3_errmsg(_database).utf8_to_string(), result & 0xff, result);
}
