using System.Text.Json.Nodes;
using PandaProbe.Testing.Cassettes.Files;

namespace PandaProbe.Testing.Cassettes.Matching;

/// <summary>Says which recordings nobody asked for.</summary>
internal static class UnusedMessage
{
    private const int MaxNamed = 10;
    private const int MaxShown = 100;

    public static string Write(string file, IReadOnlyList<RecordedCall> recordings, IReadOnlyList<int> unused)
    {
        var lines = FileLines.Of(file);
        IEnumerable<string> named = unused.Take(MaxNamed).Select(place =>
            $"line {lines[$"$.recordings[{place}].request"]}: {MissMessage.Title(recordings[place].Request)} {Shown(recordings[place].Request)}");
        string more = unused.Count > MaxNamed ? $"\n    and {unused.Count - MaxNamed} more" : "";
        return $"""
            Every recording should answer a call, but {(unused.Count == 1 ? "1 was" : $"{unused.Count} were")} not asked for.

            {file}
            {Texts.List(named)}{more}

            If the calls are no longer made, record again:  {CassetteEnvironment.RecordCommand}
            """.ReplaceLineEndings("\n");
    }

    private static string Shown(JsonNode request)
    {
        JsonNode? said = request["body"] ?? request["messages"];
        return said is null ? "" : TextCut.Short(CanonicalJson.Of(CanonicalJson.Read(said.ToJsonString())), MaxShown);
    }
}
