namespace PandaProbe.Local.Storing;

/// <summary>Where the store is, and how much it keeps.</summary>
internal sealed record StoreOptions(string Path)
{
    public const string InMemory = ":memory:";

    public string? Run { get; init; }

    /// <summary>How many bytes all files of the store may have.</summary>
    public long KeepBytes { get; init; } = 2L << 30;

    /// <summary>At how many bytes the write-ahead log is brought into the file. It grows by one more commit before that happens.</summary>
    public long LogBytes => Math.Min(16 << 20, KeepBytes / 8);

    /// <summary>How many bytes the file itself may have.</summary>
    public long FileBytes => KeepBytes - (2 * LogBytes);

    public TimeSpan? KeepAge { get; init; }

    /// <summary>
    /// How many pages the file may have, when something else than <see cref="KeepBytes"/> limits it: a test of a full disk.
    /// </summary>
    public int? MostPages { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Receives sentences for the one who runs the viewer.</summary>
    public Action<string> Say { get; init; } = static _ => { };
}
