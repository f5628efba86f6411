using System.Text.Json.Nodes;

namespace PandaProbe.Testing.Cassettes.Http;

/// <summary>A server-sent event, or a line of JSON lines, with the blank line or line break that ends it.</summary>
internal sealed class StreamEvent
{
    private readonly string _before = "";
    private readonly string _after = "";
    private readonly string _payload;

    public StreamEvent(string text)
    {
        _payload = text;
        int start = text.StartsWith("data:", StringComparison.Ordinal) ? 0 : text.IndexOf("\ndata:", StringComparison.Ordinal) + 1;
        if (!text.AsSpan(start).StartsWith("data:"))
            return;

        start += "data:".Length;
        if (start < text.Length && text[start] == ' ')
            start++;

        int end = text.AsSpan(start).IndexOfAny('\r', '\n') is >= 0 and int length ? start + length : text.Length;
        if (CassetteJson.TryParse(text[start..end], out JsonNode? data) && data is JsonObject or JsonArray)
        {
            (_before, _payload, _after) = (text[..start], text[start..end], text[end..]);
            Data = data;
            Original = data.ToJsonString(CassetteJson.Compact);
        }
    }

    /// <summary>Gets or sets the time since the event before.</summary>
    public TimeSpan Pause { get; set; }

    /// <summary>Gets or sets the event's JSON, which can be changed. Null where it has none.</summary>
    public JsonNode? Data { get; set; }

    /// <summary>Gets or sets the text of an event without JSON.</summary>
    public string? Replacement { get; set; }

    private string? Original { get; }

    public string Text => Data?.ToJsonString(CassetteJson.Compact) is { } json && json != Original
        ? _before + json + _after
        : Replacement ?? _before + _payload + _after;

    /// <summary>Cuts a body behind every event.</summary>
    public static List<StreamEvent> Split(string body, bool isLines)
    {
        List<StreamEvent> events = [];
        int start = 0;
        foreach (int end in Ends(body, isLines))
        {
            events.Add(new(body[start..end]));
            start = end;
        }

        if (start < body.Length)
            events.Add(new(body[start..]));

        return events;
    }

    public static StreamEvent Read(JsonNode row)
    {
        if (row is not JsonObject record)
            return new(row.GetValue<string>());

        string text = record["text"]?.GetValue<string>()
            ?? (record["event"] is { } name ? $"event: {name.GetValue<string>()}\n" : "")
            + $"data: {record["data"]!.ToJsonString(CassetteJson.Compact)}\n\n";
        return new(text) { Pause = TimeSpan.FromMilliseconds(record["pause"]?.GetValue<double>() ?? 0) };
    }

    /// <summary>Returns the event as it stands in the file: with its JSON as JSON where that gives back every byte.</summary>
    public JsonNode Write()
    {
        string text = Text;
        JsonObject row = [];
        string? name = _before.StartsWith("event: ", StringComparison.Ordinal) && _before.EndsWith("\ndata: ", StringComparison.Ordinal)
            ? _before["event: ".Length..^"\ndata: ".Length] : null;
        if (Data is not null)
        {
            if (name is not null)
                row["event"] = name;

            row["data"] = Data.DeepClone();
            if (Read(row).Text != text)
                row = [];
        }

        if (Pause > TimeSpan.Zero)
        {
            row["pause"] = Math.Round(Pause.TotalMilliseconds);
            if (!row.ContainsKey("data"))
                row["text"] = text;
        }

        return row.Count > 0 ? row : JsonValue.Create(text);
    }

    private static IEnumerable<int> Ends(string body, bool isLines)
    {
        bool isBlank = false;
        for (int i = 0; i < body.Length; i++)
        {
            if (body[i] is not ('\n' or '\r'))
            {
                isBlank = false;
                continue;
            }

            if (body[i] == '\r' && i + 1 < body.Length && body[i + 1] == '\n')
                i++;

            if (isLines || isBlank)
            {
                // Further blank lines belong to the event that they follow.
                while (!isLines && i + 1 < body.Length && body[i + 1] is '\n' or '\r')
                    i++;

                yield return i + 1;
                isBlank = false;
            }
            else
            {
                isBlank = true;
            }
        }
    }
}
