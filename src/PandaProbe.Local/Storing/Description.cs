using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PandaProbe.Local.Storing;

/// <summary>Says what a trace is called, whose it is and how it ended, from whichever span or request knows.</summary>
internal static class Description
{
    private const int MostTags = 100;

    /// <summary>How much the word of a span counts: any, a root's, that of the REST API or of an attribute made for it.</summary>
    private const int Span = 1;
    private const int Root = 2;
    private const int Said = 3;

    public static void Take(TraceState trace, SpanRow row, SessionRows sessions)
    {
        bool isRoot = row.Parent == default && (trace.Root == default || trace.Root == row.Key);
        int rank = isRoot ? Root : Span;
        Name(trace, row.TraceName ?? row.Name, row.TraceName is null ? rank : Said);
        trace.Start = trace.Start == 0 ? row.Start : Math.Min(trace.Start, row.Start);
        trace.End = Math.Max(trace.End, Math.Max(row.Start, row.End));
        if (isRoot)
            trace.Root = row.Key;

        if (row.TraceStatus is { } said)
            trace.Status = said;
        else if (isRoot && Field(trace, "status") is null)
            trace.Status = row.IsRunning ? "RUNNING" : row.IsError ? "ERROR" : "COMPLETED";
        if (trace.Status.Length == 0)
            trace.Status = "RUNNING";

        if (isRoot || row.IsCall)
        {
            trace.Previews.OfferInput(row.InputPreview, rank, row.Start);
            trace.Previews.OfferOutput(row.OutputPreview, rank, row.End);
        }

        if (row.IsCall)
            trace.Model = row.Model ?? trace.Model;
        if (row.Session is { } session)
            trace.Session ??= sessions.FindOrAdd(session);
        trace.User ??= row.User;
        trace.Environment ??= row.Environment;
        trace.Release ??= row.Release;
        trace.Service ??= row.Service;
        if (row.Tags.Count > 0)
            trace.Tags = Unite(trace.Tags, row.Tags);
    }

    public static void Take(TraceState trace, HeadRow head, SessionRows sessions)
    {
        JsonObject fields = HeadRow.Merge(trace.Head is null ? null : JsonNode.Parse(trace.Head) as JsonObject, head);
        trace.Head = Encoding.UTF8.GetBytes(fields.ToJsonString());
        Name(trace, Text(fields, "name"), Said);
        if (Time(Text(fields, "started_at")) is { } start)
            trace.Start = trace.Start == 0 || trace.Sums.Spans == 0 ? start : Math.Min(trace.Start, start);
        long? end = Time(Text(fields, "ended_at"));
        trace.End = Math.Max(trace.End, end ?? trace.Start);
        trace.Status = Text(fields, "status") ?? "COMPLETED";
        trace.Previews.OfferInput(Preview(fields["input"]), Said, trace.Start);
        trace.Previews.OfferOutput(Preview(fields["output"]), Said, trace.End);
        if (Text(fields, "session_id") is { Length: > 0 } session)
            trace.Session ??= sessions.FindOrAdd(session);
        trace.User = Text(fields, "user_id") ?? trace.User;
        trace.Environment = Text(fields, "environment") ?? trace.Environment;
        trace.Release = Text(fields, "release") ?? trace.Release;
        if (fields["tags"] is JsonArray { Count: > 0 } tags)
        {
            trace.Tags = head.Replaces
                ? tags.ToJsonString() : Unite(trace.Tags, tags.Select(static tag => tag?.ToString()).OfType<string>());
        }
    }

    /// <summary>Returns nanoseconds since 1970.</summary>
    public static long? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            && time.Year is > 1970 and < 2200
            ? (time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * 100
            : null;

    private static void Name(TraceState trace, string? name, int rank)
    {
        if (string.IsNullOrEmpty(name) || rank < trace.NameRank || (rank == Span && trace.NameRank == Span))
            return;
        (trace.Name, trace.NameRank) = (name, rank);
    }

    private static string Unite(string? known, IEnumerable<string> more)
    {
        List<string> tags = known is null ? [] : [.. ((JsonArray)JsonNode.Parse(known)!).Select(static tag => tag!.GetValue<string>())];
        foreach (string tag in more)
        {
            if (tags.Count < MostTags && !tags.Contains(tag))
                tags.Add(tag);
        }

        return new JsonArray([.. tags.Select(static tag => JsonValue.Create(tag))]).ToJsonString();
    }

    private static string? Field(TraceState trace, string name) =>
        trace.Head is null ? null : Text(JsonNode.Parse(trace.Head) as JsonObject, name);

    private static string? Text(JsonObject? fields, string name) =>
        fields?[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    /// <summary>Returns a line for lists: the last text of a list of messages, or the value as it is.</summary>
    private static string? Preview(JsonNode? value)
    {
        if (value is JsonObject { } fields && fields["messages"] is JsonArray { Count: > 0 } messages)
            value = messages[^1] is JsonObject message ? message["content"] : messages[^1];
        string? text = value switch
        {
            null => null,
            JsonValue only when only.GetValueKind() == JsonValueKind.String => only.GetValue<string>(),
            _ => value.ToJsonString(),
        };
        return Reading.Preview.Line(text);
    }
}
