using System.Text.Json.Nodes;

namespace PandaProbe.Tools.SemanticConventions;

/// <summary>The JSON schemas of attributes whose values are JSON, without what only people read.</summary>
internal static class Schemas
{
    private static readonly (string Attribute, string File)[] Files =
    [
        ("gen_ai.input.messages", "gen-ai-input-messages.json"),
        ("gen_ai.output.messages", "gen-ai-output-messages.json"),
        ("gen_ai.system_instructions", "gen-ai-system-instructions.json"),
        ("gen_ai.tool.definitions", "gen-ai-tool-definitions.json"),
        ("gen_ai.retrieval.documents", "gen-ai-retrieval-documents.json"),
    ];

    public static IEnumerable<string> Table(string folder)
    {
        foreach ((string attribute, string file) in Files)
        {
            JsonNode schema = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "gen-ai", file)))!;
            Strip(schema, isSchema: true);
            yield return $"schema {attribute} {schema.ToJsonString()}";
        }
    }

    // The children of "properties" and "$defs" are names, not keywords.
    private static void Strip(JsonNode? node, bool isSchema)
    {
        if (node is JsonArray items)
        {
            foreach (JsonNode? item in items)
                Strip(item, isSchema: true);
        }
        else if (node is JsonObject schema)
        {
            if (isSchema)
            {
                foreach (string word in (string[])["title", "description", "default", "format"])
                    schema.Remove(word);
            }

            foreach ((string name, JsonNode? child) in schema)
                Strip(child, isSchema: !isSchema || name is not ("properties" or "$defs"));
        }
    }
}
