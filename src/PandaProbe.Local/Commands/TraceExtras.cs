using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Commands;

/// <summary>
/// What OTLP has no place for: scores, and the fields of a trace that came over PandaProbe's REST API. They are a line of their own in an
/// export, which receivers of OTLP take for an empty request, because they ignore fields that they do not know.
/// </summary>
internal static class TraceExtras
{
    private const string Property = "pandaprobe";

    /// <summary>Returns the line; <see langword="null"/> when the trace has neither.</summary>
    public static string? Line(SqliteConnection connection, UInt128 trace)
    {
        using Statement head = new(connection, "SELECT head FROM trace WHERE trace_id = ?1 AND head IS NOT NULL");
        using Statement scores = new(connection, """
            SELECT score_id, span, name, type, value, source, reason, metadata, environment, author, created FROM score WHERE trace_id = ?1 ORDER BY id
            """);
        bool hasHead = head.Bind(1, trace).Step();
        bool hasScores = scores.Bind(1, trace).Step();
        if (!hasHead && !hasScores)
            return null;

        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("resourceSpans");
            json.WriteEndArray();
            json.WriteStartObject(Property);
            json.WriteString("trace", Ids.Hex(trace));
            if (hasHead)
            {
                json.WritePropertyName("head");
                json.WriteRawValue(head.Blob(0));
            }

            json.WriteStartArray("scores");
            for (; hasScores; hasScores = scores.Step())
                Write(json, scores);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Reads such a line; <see langword="null"/> for any other.</summary>
    public static WriteRequest? Read(string line)
    {
        if (!line.Contains($"\"{Property}\"", StringComparison.Ordinal))
            return null;

        var json = JsonElement.Parse(line);
        if (!json.TryGetProperty(Property, out JsonElement extras) || !Ids.TryParse(Text(extras, "trace"), out UInt128 trace))
            return null;

        return new WriteRequest
        {
            Head = extras.TryGetProperty("head", out JsonElement head) && head.ValueKind == JsonValueKind.Object
                ? new HeadRow(trace, JsonObject.Create(head)!, Replaces: false) : null,
            Scores = extras.TryGetProperty("scores", out JsonElement scores) && scores.ValueKind == JsonValueKind.Array
                ? [.. scores.EnumerateArray().Select(score => Score(score, trace)).OfType<ScoreRow>()]
                : [],
            Size = line.Length,
        };
    }

    private static void Write(Utf8JsonWriter json, Statement row)
    {
        json.WriteStartObject();
        json.WriteString("id", Ids.Hex(row.Id(0)));
        if (!row.IsNull(1))
            json.WriteString("span", Ids.Hex(row.Id(1)));
        foreach ((string name, int column) in (
            (string, int)[])[("name", 2), ("type", 3), ("value", 4), ("source", 5), ("reason", 6), ("metadata", 7), ("environment", 8),
            ("author", 9)])
        {
            if (row.Text(column) is { } text)
                json.WriteString(name, text);
        }

        json.WriteString("created", row.Long(10).ToString(CultureInfo.InvariantCulture));
        json.WriteEndObject();
    }

    private static ScoreRow? Score(JsonElement json, UInt128 trace) =>
        Ids.TryParse(Text(json, "id"), out UInt128 id) && Text(json, "name") is { } name && Text(json, "type") is { } type
            && Text(json, "value") is { } value
            ? new ScoreRow
            {
                Id = id,
                Trace = trace,
                Span = Ids.TryParse(Text(json, "span"), out UInt128 span) ? span : default,
                Name = name,
                Type = type,
                Value = value,
                Source = Text(json, "source") ?? "PROGRAMMATIC",
                Reason = Text(json, "reason"),
                Metadata = Text(json, "metadata"),
                Environment = Text(json, "environment"),
                Author = Text(json, "author"),
                Created = long.TryParse(Text(json, "created"), CultureInfo.InvariantCulture, out long created) ? created : 0,
            }
            : null;

    private static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement value)
            && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
