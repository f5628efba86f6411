using Microsoft.Data.Sqlite;

namespace PandaProbe.Local.Storing;

/// <summary>
/// The messages of late by their hashes. An index in the file would know all of them, but hashes are spread over all its pages: it made a
/// commit write four times the pages. A message that was forgotten is stored once more, which costs space and nothing else.
/// </summary>
internal sealed class KnownMessages(SqliteConnection connection)
{
    private const int Most = 100_000;
    private const int AtStart = 20_000;

    // What is asked for moves to the younger half, so what every trace has is never forgotten.
    private Dictionary<UInt128, (long Id, long LastTrace)> _young = [];
    private Dictionary<UInt128, (long Id, long LastTrace)> _old = [];
    private bool _isLoaded;
    private long _deletedUpTo;

    public (long Id, long LastTrace)? Find(UInt128 hash)
    {
        if (!_isLoaded)
            Load();
        if (_young.TryGetValue(hash, out (long Id, long LastTrace) known))
            return known.LastTrace > _deletedUpTo ? known : null;
        if (!_old.TryGetValue(hash, out known) || known.LastTrace <= _deletedUpTo)
            return null;

        Keep(hash, known.Id, known.LastTrace);
        return known;
    }

    public void Keep(UInt128 hash, long id, long lastTrace)
    {
        if (_young.Count >= Most)
            (_young, _old) = ([], _young);
        _young[hash] = (id, lastTrace);
    }

    /// <summary>Tells that the messages are gone which no trace behind this one has.</summary>
    public void DeletedUpTo(long trace) => _deletedUpTo = trace;

    /// <summary>Call when another process may have changed messages.</summary>
    public void Forget()
    {
        _deletedUpTo = 0;
        _young = [];
        _old = [];
        _isLoaded = false;
    }

    private void Load()
    {
        _isLoaded = true;
        using Statement rows = new(connection, "SELECT hash, id, last_trace FROM message ORDER BY id DESC LIMIT ?1");
        rows.Bind(1, (long)AtStart);
        while (rows.Step())
            _old.TryAdd(rows.Id(0), (rows.Long(1), rows.Long(2)));
    }
}
