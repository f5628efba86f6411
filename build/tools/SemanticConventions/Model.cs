using YamlDotNet.RepresentationModel;

namespace PandaProbe.Tools.SemanticConventions;

/// <summary>The attributes, spans and metrics of a model, with all references resolved.</summary>
internal sealed class Model
{
    // Each of its files states the type of an attribute, or refers to one that does.
    private static readonly string[] Namespaces = ["gen-ai", "openai", "azure", "aws", "error", "exceptions", "server", "session", "user",
        "enduser", "mcp"];

    private readonly SortedDictionary<string, string> _attributes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, YamlMappingNode> _groups = new(StringComparer.Ordinal);

    public static Model Read(string folder)
    {
        Model model = new();
        foreach (string file in Namespaces.SelectMany(
            name => Directory.EnumerateFiles(Path.Combine(folder, name), "*.yaml", SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal))
        {
            model.ReadFile(file);
        }

        return model;
    }

    public IEnumerable<string> Table()
    {
        foreach ((string name, string facts) in _attributes)
            yield return $"attribute {name} {facts}";

        foreach ((string id, YamlMappingNode group) in _groups.OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            string? head = Text(group, "type") switch
            {
                // What is about generative AI: the other namespaces are here for the attributes that these refer to.
                "span" when IsAboutAI(id) => $"span {id["span.".Length..]} {Text(group, "span_kind")}",
                "metric" when IsAboutAI(id) =>
                    $"metric {Text(group, "metric_name")} {Text(group, "instrument")} {Text(group, "unit")} {ValueType(group)}",
                _ => null,
            };
            if (head is null)
                continue;

            yield return head;
            foreach ((string name, string level) in AttributesOf(id))
                yield return $"  {name} {level}";
        }
    }

    private static bool IsAboutAI(string id) =>
        id.Contains("gen_ai", StringComparison.Ordinal) || id.Contains("openai", StringComparison.Ordinal)
        || id.Contains("anthropic", StringComparison.Ordinal) || id.Contains("azure.ai", StringComparison.Ordinal);

    private void ReadFile(string file)
    {
        YamlStream stream = [];
        using (StreamReader reader = new(file))
            stream.Load(reader);
        foreach (YamlMappingNode group in Items((YamlMappingNode)stream.Documents[0].RootNode, "groups"))
        {
            _groups.Add(Text(group, "id")!, group);
            foreach (YamlMappingNode attribute in Items(group, "attributes"))
            {
                if (Text(attribute, "id") is { } name)
                    _attributes.Add(name, Facts(attribute));
            }
        }
    }

    private static string Facts(YamlMappingNode attribute)
    {
        string facts = attribute.Children["type"] is YamlMappingNode type
            ? "enum " + string.Join('|', Items(type, "members").Select(member => Text(member, "value")))
            : Text(attribute, "type")!;
        return attribute.Children.ContainsKey("deprecated") ? facts + " deprecated" : facts;
    }

    private SortedDictionary<string, string> AttributesOf(string id)
    {
        if (!_groups.TryGetValue(id, out YamlMappingNode? group))
            throw new InvalidDataException($"No group is called {id}");

        SortedDictionary<string, string> attributes = Text(group, "extends") is { } parent
            ? AttributesOf(parent) : new(StringComparer.Ordinal);
        foreach (YamlMappingNode attribute in Items(group, "attributes"))
        {
            string name = Text(attribute, "ref") ?? Text(attribute, "id")!;
            if (!_attributes.ContainsKey(name))
                throw new InvalidDataException($"{id} refers to {name}, which is not defined");

            if (Level(attribute) is { } level)
                attributes[name] = level;
            else
                attributes.TryAdd(name, "recommended");
        }

        return attributes;
    }

    private static string? Level(YamlMappingNode attribute)
    {
        if (!attribute.Children.TryGetValue("requirement_level", out YamlNode? level))
            return null;

        (string name, string? condition) = level is YamlMappingNode mapping
            ? (mapping.Children.Single().Key.ToString(), mapping.Children.Single().Value.ToString())
            : (level.ToString(), null);
        if (name is not ("required" or "conditionally_required" or "recommended" or "opt_in"))
            throw new InvalidDataException($"'{name}' is no requirement level");

        return condition is null
            ? name : $"{name} {string.Join(' ', condition.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}";
    }

    private static string ValueType(YamlMappingNode metric) =>
        Text((YamlMappingNode)((YamlMappingNode)metric.Children["annotations"]).Children["code_generation"], "metric_value_type")!;

    private static string? Text(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out YamlNode? value) && value is YamlScalarNode scalar ? scalar.Value : null;

    private static IEnumerable<YamlMappingNode> Items(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out YamlNode? value) ? ((YamlSequenceNode)value).Children.Cast<YamlMappingNode>() : [];
}
