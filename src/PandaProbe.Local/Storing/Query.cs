using System.Text;
using Microsoft.Data.Sqlite;

namespace PandaProbe.Local.Storing;

/// <summary>A SELECT with conditions that are added one by one. Values are bound, never written into the text.</summary>
internal sealed class Query(string select)
{
    private readonly StringBuilder _where = new();
    private readonly List<object> _values = [];

    /// <summary>Adds a condition, with <c>?</c> for each value.</summary>
    public Query And(string condition, params ReadOnlySpan<object> values)
    {
        _where.Append(_where.Length == 0 ? " WHERE (" : " AND (").Append(condition).Append(')');
        foreach (object value in values)
            _values.Add(value);
        return this;
    }

    /// <summary>Adds a condition when there is a value to compare with.</summary>
    public Query AndIf(string condition, object? value) => value is null ? this : And(condition, value);

    /// <summary>Prepares it. The caller disposes of it.</summary>
    public Statement Prepare(SqliteConnection connection, string ending)
    {
        Statement statement = new(connection, $"{select}{_where} {ending}");
        for (int i = 0; i < _values.Count; i++)
        {
            _ = _values[i] switch
            {
                long number => statement.Bind(i + 1, number),
                double number => statement.Bind(i + 1, (double?)number),
                string text => statement.Bind(i + 1, text),
                UInt128 id => statement.Bind(i + 1, id),
                object other => throw new ArgumentException($"A value of type {other.GetType().Name} cannot be bound."),
            };
        }

        return statement;
    }

    /// <summary>Makes a pattern for LIKE … ESCAPE '\' that finds the text anywhere.</summary>
    public static string? Like(string? text) => string.IsNullOrEmpty(text)
        ? null
        : "%" + text.Replace("\\", "\\\\", StringComparison.Ordinal)
                .Replace("%", "\\%", StringComparison.Ordinal)
                .Replace("_", "\\_", StringComparison.Ordinal) + "%";
}
