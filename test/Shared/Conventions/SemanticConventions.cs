using System.Reflection;
using System.Text.Json;

namespace PandaProbe.Conventions;

/// <summary>
/// OpenTelemetry's semantic conventions as the published model of v1.41.1 states them. <c>build/tools/SemanticConventions</c> writes the
/// table.
/// </summary>
internal sealed class SemanticConventions
{
    public static readonly SemanticConventions Table = Read();

    public Dictionary<string, AttributeFacts> Attributes { get; } = new(StringComparer.Ordinal);

    /// <summary>Each kind of span by its id, for example <c>gen_ai.inference.client</c>.</summary>
    public Dictionary<string, SpanFacts> Spans { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, MetricFacts> Metrics { get; } = new(StringComparer.Ordinal);

    /// <summary>The schemas of attributes whose values are JSON.</summary>
    public Dictionary<string, JsonElement> Schemas { get; } = new(StringComparer.Ordinal);

    /// <summary>The first parts of all names. Other names belong to others.</summary>
    public HashSet<string> Namespaces { get; } = new(StringComparer.Ordinal);

    private static SemanticConventions Read()
    {
        SemanticConventions table = new();
        Dictionary<string, string> levels = [];
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("semantic-conventions.txt")!;
        using StreamReader reader = new(stream);
        while (reader.ReadLine() is { } line)
        {
            string[] words = line.Split(' ');
            switch (words[0])
            {
                case "attribute":
                    table.Attributes.Add(words[1], new(words[2], words[2] == "enum" ? words[3].Split('|') : [], words[^1] == "deprecated"));
                    table.Namespaces.Add(words[1].Split('.')[0]);
                    break;
                case "span":
                    table.Spans.Add(words[1], new(words[2], levels = []));
                    break;
                case "metric":
                    table.Metrics.Add(words[1], new(words[2], words[3], words[4], levels = []));
                    break;
                case "":
                    levels.Add(words[2], words[3]);
                    break;
                case "schema":
                    table.Schemas.Add(words[1], JsonElement.Parse(line[("schema ".Length + words[1].Length + 1)..]));
                    break;
            }
        }

        return table;
    }

    internal sealed record AttributeFacts(string Type, string[] Values, bool IsDeprecated);

    internal sealed record SpanFacts(string Kind, Dictionary<string, string> Levels);

    internal sealed record MetricFacts(string Instrument, string Unit, string ValueType, Dictionary<string, string> Levels);
}
