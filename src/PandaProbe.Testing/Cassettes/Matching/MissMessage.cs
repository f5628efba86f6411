using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PandaProbe.Testing.Cassettes.Files;

namespace PandaProbe.Testing.Cassettes.Matching;

/// <summary>Says why no recording answers a call: which one is nearest and where it differs first.</summary>
internal static class MissMessage
{
    private const int Context = 36;

    private const int MorePlaces = 4;

    private const string Again = $"If the change is intended, record again:  {CassetteEnvironment.RecordCommand}";

    public static string Write(string file, IReadOnlyList<RecordedCall> recordings, JsonNode request, int number)
    {
        string call = $"No recording answers the {Ordinal(number)} call, {Title(request)}.";
        if (!File.Exists(file))
            return $"{call}\n\nThere is no cassette yet at\n  {file}\n\nRecord it:  {CassetteEnvironment.RecordCommand}";

        string key = RequestForm.Key(request);
        int alike = recordings.Count(recording => recording.Key == key);
        if (alike > 0)
        {
            return $"""
                {call}

                {file}
                has {Times(alike)} of this call, and all have answered already. Is the agent in a loop?
                Where the last recording is to answer all further calls:  new CassetteOptions {"{"} RepeatLast = true {"}"}
                {Again}
                """.ReplaceLineEndings("\n");
        }

        (List<JsonDifference> Differences, int Index) nearest = recordings
            .Select((recording, index) =>
                (Differences: JsonDifference.Between(CanonicalJson.Read(recording.Key), CanonicalJson.Read(key)).ToList(), Index: index))
            .OrderBy(one => one.Differences.Sum(difference => difference.Distance)).FirstOrDefault();
        if (nearest.Differences is not [JsonDifference first, ..])
            return $"{call}\n\n{file}\nhas no recordings.\n{Again}";

        var lines = FileLines.Of(file);
        string inFile = $"$.recordings[{nearest.Index}].request{first.Path[1..]}";
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{call}\n\n{file}:{lines[inFile]}\n");
        text.Append(recordings.Count == 1
            ? "has one recording. It differs first at\n\n" : $"is the nearest of {recordings.Count} recordings. It differs first at\n\n");
        Append(text, first);
        AppendOthers(text, nearest.Differences);
        text.Append("\n" + Again);
        text.Append(first.AreTexts
            ? $"\nIf a part of it changes with every run:  new CassetteOptions {{ Rewrite = text => … }}"
            : $"\nIf it changes with every run:  options.IgnoredFields.Add(\"{first.Path}\")");
        return text.ToString();
    }

    private static void Append(StringBuilder text, JsonDifference difference)
    {
        if (!difference.AreTexts)
        {
            text.Append($"""
                  {difference.Path}
                    recorded  {Short(difference.Expected)}
                    now       {Short(difference.Actual)}

                """.ReplaceLineEndings("\n"));
            return;
        }

        (string recorded, string current) = (difference.Expected.GetString()!, difference.Actual.GetString()!);
        int at = recorded.AsSpan().CommonPrefixLength(current);
        int lineStart = recorded.AsSpan(0, at).LastIndexOf('\n') + 1;
        int line = recorded.AsSpan(0, at).Count('\n') + 1;
        string where = recorded.Contains('\n') || current.Contains('\n') ? $", line {line} of the text" : "";
        int start = Math.Max(lineStart, at - Context);
        string recordedPart = Part(recorded, start, at, lineStart);
        string mark = new(' ', Part(recorded[..at], start, at, lineStart).Length - 1);
        text.Append($"""
              {difference.Path}{where}
                recorded  {recordedPart}
                now       {Part(current, start, at, lineStart)}
                          {mark}^

            """.ReplaceLineEndings("\n"));
    }

    /// <summary>Returns the line around the difference in quotes, cut where it is long.</summary>
    private static string Part(string text, int start, int at, int lineStart)
    {
        int lineEnd = text.IndexOf('\n', at) is >= 0 and int found ? found : text.Length;
        int end = Math.Min(lineEnd, at + Context);
        string part = text[start..end].Replace("\r", "\\r", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal);
        return $"{(start > lineStart ? "…" : "")}\"{part}\"{(end < lineEnd ? "…" : "")}";
    }

    private static void AppendOthers(StringBuilder text, List<JsonDifference> differences)
    {
        if (differences.Count == 1)
            return;

        string more = differences.Count - 1 > MorePlaces ? ", …" : "";
        string places = string.Join(", ", differences.Skip(1).Take(MorePlaces).Select(difference => difference.Path));
        string count = differences.Count == 2 ? "one more place" : $"{differences.Count - 1} more places";
        text.Append(CultureInfo.InvariantCulture, $"\n  and at {count}: {places}{more}\n");
    }

    private static string Short(JsonElement value) =>
        value.ValueKind == JsonValueKind.Undefined ? "(nothing)" : TextCut.Short(CanonicalJson.Of(value), 2 * Context);

    public static string Title(JsonNode request) =>
        request["method"] is { } method ? $"{method} {request["path"]}" : $"{request["call"]} of an IChatClient";

    private static string Times(int count) => count == 1 ? "one recording" : $"{count} recordings";

    private static string Ordinal(int number) => (number % 100, number % 10) switch
    {
        (not 11, 1) => $"{number}st",
        (not 12, 2) => $"{number}nd",
        (not 13, 3) => $"{number}rd",
        _ => $"{number}th",
    };
}
