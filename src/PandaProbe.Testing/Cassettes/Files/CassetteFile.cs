using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PandaProbe.Testing.Cassettes.Files;

/// <summary>The file of one cassette. Tests of one process that share a file add to it; each of several processes replaces it as a
/// whole.</summary>
internal sealed class CassetteFile
{
    private const int Version = 1;

    private static readonly ConcurrentDictionary<string, CassetteFile> Files = new(StringComparer.Ordinal);

    private readonly object _lock = new();
    private List<RecordedCall> _recordedHere = [];

    private CassetteFile(string path) => Path = path;

    public string Path { get; }

    public static CassetteFile At(string path) => Files.GetOrAdd(path, static path => new(path));

    public IReadOnlyList<RecordedCall> Read()
    {
        if (!File.Exists(Path))
            return [];

        try
        {
            var file = JsonNode.Parse(File.ReadAllText(Path));
            int version = Member(file, "cassette").GetValue<int>();
            if (version != Version)
                throw Unreadable($"it has version {version} of the format, and this library reads version {Version}");

            return [.. Member(file, "recordings").AsArray()
                .Select(recording => new RecordedCall(Member(recording, "request"), Member(recording, "response").AsObject()))];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw Unreadable(exception is JsonException fault ? JsonFault.Of(fault) : exception.Message, exception);
        }
    }

    private JsonNode Member(JsonNode? parent, string name) =>
        parent is JsonObject record && record[name] is { } value ? value : throw Unreadable($"a property \"{name}\" is missing");

    private CassetteException Unreadable(string reason, Exception? exception = null) => new(
        $"The file is not a cassette that can be replayed: {reason}.\n\n{Path}\nRecord it again:  {CassetteEnvironment.RecordCommand}",
        exception);

    /// <summary>Adds what was recorded.</summary>
    /// <param name="recorded">The new recordings, in the order of the calls.</param>
    /// <param name="keepsOthers">Whether the other recordings of the file stay.</param>
    /// <param name="check">Throws where the text must not be written.</param>
    public void Add(IReadOnlyList<RecordedCall> recorded, bool keepsOthers, Action<string> check)
    {
        lock (_lock)
        {
            IReadOnlyList<RecordedCall> old = File.Exists(Path) ? ReadOld() : [];
            List<RecordedCall> all;
            if (keepsOthers)
            {
                all = [.. old, .. recorded];
            }
            else
            {
                HashSet<string> keys = [.. recorded.Select(recording => recording.Key)];
                all = InOldOrder([.. _recordedHere.Where(recording => !keys.Contains(recording.Key)), .. recorded], old);
            }

            string text = Text(all);
            check(text);
            Replace(text);
            _recordedHere = all;
        }
    }

    /// <summary>Whoever records again wants to get rid of a file that cannot be read.</summary>
    private IReadOnlyList<RecordedCall> ReadOld()
    {
        try
        {
            return Read();
        }
        catch (CassetteException)
        {
            return [];
        }
    }

    /// <summary>Calls that run side by side begin in another order every time. Recorded again, they keep their places, so that the
    /// difference shows only what has changed.</summary>
    private static List<RecordedCall> InOldOrder(List<RecordedCall> recordings, IReadOnlyList<RecordedCall> old)
    {
        var places = new Dictionary<(string, int), int>();
        foreach (((string, int) name, int place) in Numbered(old).Select((recording, place) => (recording, place)))
            places[name] = place;

        (string, int)[] names = [.. Numbered(recordings)];
        int[] known = [.. Enumerable.Range(0, names.Length).Where(i => places.ContainsKey(names[i]))];
        RecordedCall[] sorted = [.. known.OrderBy(i => places[names[i]]).Select(i => recordings[i])];
        for (int i = 0; i < known.Length; i++)
            recordings[known[i]] = sorted[i];

        return recordings;
    }

    private static IEnumerable<(string Key, int Occurrence)> Numbered(IEnumerable<RecordedCall> recordings)
    {
        Dictionary<string, int> counts = [];
        foreach (RecordedCall recording in recordings)
        {
            counts[recording.Key] = counts.GetValueOrDefault(recording.Key) + 1;
            yield return (recording.Key, counts[recording.Key]);
        }
    }

    private static string Text(IEnumerable<RecordedCall> recordings) => CanonicalJson.Indented(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("cassette", Version);
        writer.WriteStartArray("recordings");
        foreach (RecordedCall recording in recordings)
        {
            writer.WriteStartObject();
            writer.WritePropertyName("request");
            recording.Request.WriteTo(writer);
            writer.WriteStartObject("response");
            foreach ((string name, JsonNode? value) in recording.Response)
            {
                writer.WritePropertyName(name);
                WriteValue(writer, name, value);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }) + "\n";

    /// <summary>An event of a stream is one line, so that a stream reads as a table.</summary>
    private static void WriteValue(Utf8JsonWriter writer, string name, JsonNode? value)
    {
        if (name is "events" or "updates" && value is JsonArray rows)
        {
            writer.WriteStartArray();
            string newLine = "\n" + new string(' ', 2 * writer.CurrentDepth);
            foreach (JsonNode? row in rows)
                writer.WriteRawValue(newLine + row!.ToJsonString(CassetteJson.Compact), skipInputValidation: true);

            writer.WriteEndArray();
        }
        else if (value is null)
        {
            writer.WriteNullValue();
        }
        else
        {
            value.WriteTo(writer);
        }
    }

    /// <summary>A reader sees the old file or the new one, and a test that is ended half way leaves the old one.</summary>
    private void Replace(string text)
    {
        string draft = $"{Path}.{Environment.ProcessId}.tmp";
        TextFile.Write(draft, text);
        File.Move(draft, Path, overwrite: true);
    }
}
