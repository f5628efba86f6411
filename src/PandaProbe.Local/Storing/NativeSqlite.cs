using System.Runtime.InteropServices;

namespace PandaProbe.Local.Storing;

/// <summary>
/// The functions of SQLite that are called for each value. <c>SQLitePCL.raw</c> counts references to the statement at each call, which
/// takes ten times what these functions take: 100,000 spans have two million values.
/// </summary>
/// <remarks>Functions that take nanoseconds and never wait are called without telling the garbage collector.</remarks>
internal static unsafe partial class NativeSqlite
{
    private const string Library = "e_sqlite3";

    /// <summary>Has SQLite copy a text or a blob while it is bound.</summary>
    private static readonly nint Transient = -1;

    [LibraryImport(Library, EntryPoint = "sqlite3_step")]
    public static partial int Step(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_reset")]
    public static partial int Reset(nint statement);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_int64"), SuppressGCTransition]
    public static partial int BindLong(nint statement, int index, long value);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_double"), SuppressGCTransition]
    public static partial int BindDouble(nint statement, int index, double value);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_null"), SuppressGCTransition]
    public static partial int BindNull(nint statement, int index);

    public static int BindText(nint statement, int index, ReadOnlySpan<byte> utf8)
    {
        // An empty span has a null pointer, which would bind null.
        fixed (byte* bytes = utf8.IsEmpty ? "\0"u8 : utf8)
            return BindText(statement, index, bytes, utf8.Length, Transient);
    }

    public static int BindBlob(nint statement, int index, ReadOnlySpan<byte> value)
    {
        fixed (byte* bytes = value.IsEmpty ? "\0"u8 : value)
            return BindBlob(statement, index, bytes, value.Length, Transient);
    }

    [LibraryImport(Library, EntryPoint = "sqlite3_column_type"), SuppressGCTransition]
    public static partial int TypeOf(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_int64"), SuppressGCTransition]
    public static partial long Long(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_double"), SuppressGCTransition]
    public static partial double Double(nint statement, int column);

    /// <summary>Returns the bytes of a blob, or of a text in UTF-8. They are valid until the next step.</summary>
    public static ReadOnlySpan<byte> Bytes(nint statement, int column)
    {
        byte* bytes = Blob(statement, column);
        return bytes is null ? default : new(bytes, Length(statement, column));
    }

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_text")]
    private static partial int BindText(nint statement, int index, byte* value, int length, nint destructor);

    [LibraryImport(Library, EntryPoint = "sqlite3_bind_blob")]
    private static partial int BindBlob(nint statement, int index, byte* value, int length, nint destructor);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_blob")]
    private static partial byte* Blob(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_bytes"), SuppressGCTransition]
    private static partial int Length(nint statement, int column);
}
