using Microsoft.Data.Sqlite;

namespace PandaProbe.Local.Storing;

/// <summary>Reads and writes the rows of sessions.</summary>
internal sealed class SessionRows(SqliteConnection connection) : IDisposable
{
    private const int Most = 20_000;

    private const string Columns =
        $"id, name, user, first, last, traces, duration, failed, preview_in, preview_out, in_at, out_at, model, {Sums.Columns}";

    private readonly Statement _byId = new(connection, $"SELECT {Columns} FROM session WHERE id = ?1");
    private readonly Statement _byName = new(connection, $"SELECT {Columns} FROM session WHERE name = ?1");
    private readonly Statement _insert = new(connection, "INSERT INTO session (name, first, last, version) VALUES (?1, 0, 0, 0)");
    private readonly Statement _update = new(connection, """
        UPDATE session SET user = ?2, first = ?3, last = ?4, traces = ?5, duration = ?6, failed = ?7, preview_in = ?8, preview_out = ?9, in_at = ?10,
            out_at = ?11, model = ?12, version = ?13, spans = ?14, calls = ?15, tools = ?16, errors = ?17, input = ?18, output = ?19, cache_read = ?20,
            cache_write = ?21, reasoning = ?22, cost = ?23, estimated = ?24, unpriced = ?25
        WHERE id = ?1
        """);

    private readonly Statement _delete = new(connection, "DELETE FROM session WHERE id = ?1");
    private readonly Dictionary<string, SessionState> _byNameKnown = new(StringComparer.Ordinal);
    private readonly Dictionary<long, SessionState> _known = [];
    private readonly HashSet<SessionState> _changed = [];

    public SessionState? Find(long id) => _known.TryGetValue(id, out SessionState? known) ? known : Read(_byId.Bind(1, id));

    public SessionState FindOrAdd(string name)
    {
        if (_byNameKnown.TryGetValue(name, out SessionState? known))
            return known;
        if (Read(_byName.Bind(1, name)) is { } stored)
            return stored;

        _insert.Bind(1, name).Run();
        return Keep(new() { Id = _insert.InsertedId, Name = name });
    }

    public void WriteChanged(long version)
    {
        foreach (SessionState session in _changed)
        {
            if (session.Traces <= 0)
            {
                _delete.Bind(1, session.Id).Run();
                _known.Remove(session.Id);
                _byNameKnown.Remove(session.Name);
                continue;
            }

            _update.Bind(1, session.Id).Bind(2, session.User).Bind(3, session.First).Bind(4, session.Last).Bind(5, session.Traces)
                .Bind(6, session.Duration)
                .Bind(7, session.Failed).Bind(8, session.Previews.In).Bind(9, session.Previews.Out).Bind(10, session.Previews.InAt)
                .Bind(11, session.Previews.OutAt).Bind(12, session.Model).Bind(13, version);
            session.Sums.Bind(_update, 14);
            _update.Run();
        }

        _changed.Clear();
    }

    public void Change(SessionState session) => _changed.Add(session);

    public void Forget()
    {
        _known.Clear();
        _byNameKnown.Clear();
        _changed.Clear();
    }

    public bool IsCrowded => _known.Count > Most;

    public void Dispose()
    {
        _byId.Dispose();
        _byName.Dispose();
        _insert.Dispose();
        _update.Dispose();
        _delete.Dispose();
    }

    private SessionState? Read(Statement row)
    {
        SessionState? session = null;
        if (row.Step())
        {
            session = Keep(new()
            {
                Id = row.Long(0),
                Name = row.Text(1)!,
                User = row.Text(2),
                First = row.Long(3),
                Last = row.Long(4),
                Traces = row.Long(5),
                Duration = row.Long(6),
                Failed = row.Long(7),
                Previews = new()
                {
                    In = row.Text(8),
                    Out = row.Text(9),
                    InRank = 1,
                    OutRank = 1,
                    InAt = row.Long(10),
                    OutAt = row.Long(11)
                },
                Model = row.Text(12),
                Sums = Sums.Read(row, 13),
            });
        }

        row.Reset();
        return session;
    }

    private SessionState Keep(SessionState session)
    {
        _known[session.Id] = session;
        _byNameKnown[session.Name] = session;
        return session;
    }
}
