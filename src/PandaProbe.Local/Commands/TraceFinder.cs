using Microsoft.Data.Sqlite;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Commands;

/// <summary>Finds the trace that somebody means: a whole id, the beginning of one, or <c>latest</c>.</summary>
internal static class TraceFinder
{
    public const string Latest = "latest";

    private const int ShortestPrefix = 4;

    public static UInt128 IdOf(TraceItem trace) => Ids.TryParse(trace.Id, out UInt128 id) ? id : default;

    /// <summary>Returns the trace, or says why there is none.</summary>
    public static (TraceItem? Trace, string? Problem) Find(SqliteConnection connection, string text)
    {
        if (text == Latest)
            return TraceList.Read(connection, new(), 1, null).Items is [var latest] ? (latest, null) : (null, "There are no traces yet.");

        string digits = text.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
        if (digits.Length is < ShortestPrefix or > 32 || !Ids.TryParse(digits.PadRight(32, '0'), out UInt128 first)
            || !Ids.TryParse(digits.PadRight(32, 'f'), out UInt128 last))
        {
            return (null, $"'{text}' is no trace: give at least {ShortestPrefix} digits of an id, or '{Latest}'.");
        }

        List<UInt128> found = [];
        using (Statement rows = new(connection, "SELECT trace_id FROM trace WHERE trace_id BETWEEN ?1 AND ?2 LIMIT 2"))
        {
            rows.Bind(1, first).Bind(2, last);
            while (rows.Step())
                found.Add(rows.Id(0));
        }

        return found switch
        {
            [] => (null, $"There is no trace {text}."),
            [var only] => (TraceList.Find(connection, only), null),
            _ => (null, $"Several traces begin with {text}."),
        };
    }
}
