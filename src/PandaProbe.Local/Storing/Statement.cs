using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace PandaProbe.Local.Storing;

/// <summary>
/// A prepared statement that is run many times. The writer uses it instead of <see cref="SqliteCommand"/>, which makes a reader and looks
/// parameters up by name at every run: several times what SQLite itself needs for a row.
/// </summary>
internal sealed class Statement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    public Statement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle!;
        Check(raw.sqlite3_prepare_v3(_database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    public Statement Bind(int index, long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, index, value));
        return this;
    }

    public Statement Bind(int index, long? value)
    {
        Check(value is { } known ? raw.sqlite3_bind_int64(_statement, index, known) : raw.sqlite3_bind_null(_statement, index));
        return this;
    }

    public Statement Bind(int index, double? value)
    {
        Check(value is { } known ? raw.sqlite3_bind_double(_statement, index, known) : raw.sqlite3_bind_null(_statement, index));
        return this;
    }

    public Statement Bind(int index, string? value)
    {
        Check(value is null ? raw.sqlite3_bind_null(_statement, index) : raw.sqlite3_bind_text(_statement, index, value));
        return this;
    }

    public Statement Bind(int index, ReadOnlySpan<byte> value)
    {
        Check(value.IsEmpty ? raw.sqlite3_bind_zeroblob(_statement, index, 0) : raw.sqlite3_bind_blob(_statement, index, value));
        return this;
    }

    public Statement BindNull(int index)
    {
        Check(raw.sqlite3_bind_null(_statement, index));
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
        int result = raw.sqlite3_step(_statement);
        if (result == raw.SQLITE_ROW)
            return true;
        if (result == raw.SQLITE_DONE)
            return false;

        raw.sqlite3_reset(_statement);
        throw Failure(result);
    }

    public void Reset() => raw.sqlite3_reset(_statement);

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

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    public long Long(int column) => raw.sqlite3_column_int64(_statement, column);

    public long? LongOrNull(int column) => IsNull(column) ? null : Long(column);

    public double? DoubleOrNull(int column) => IsNull(column) ? null : raw.sqlite3_column_double(_statement, column);

    public double Double(int column) => raw.sqlite3_column_double(_statement, column);

    public string? Text(int column) => IsNull(column) ? null : raw.sqlite3_column_text(_statement, column).utf8_to_string();

    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(_statement, column);

    public UInt128 Id(int column) => Ids.Read(Blob(column));

    public void Dispose() => _statement.Dispose();

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
            throw Failure(result);
    }

    private SqliteException Failure(int result) => new(raw.sqlite3_errmsg(_database).utf8_to_string(), result & 0xff, result);
}
