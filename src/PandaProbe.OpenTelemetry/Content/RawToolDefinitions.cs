using System.Text.Json;
using PandaProbe.Values;

namespace PandaProbe.Content;

/// <summary>
/// Converts the tools of a request to OpenAI or Anthropic to the shape of the semantic conventions: <c>{"type","name",…}</c>.
/// </summary>
internal sealed class RawToolDefinitions(JsonElement tools) : ContentValue
{
    public override long Length => RawJson.BytesOf(tools).Length;

    public override void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        foreach (JsonElement tool in tools.EnumerateArray())
        {
            string type = tool.Get("input_schema") is null ? tool.Text("type") ?? "function" : "function";
            JsonElement facts = tool.Get("function") ?? tool;
            writer.WriteStartObject();
            writer.WriteString("type"u8, type);
            writer.WriteString("name"u8, facts.Text("name") ?? facts.Text("server_label") ?? type);
            if (facts.Text("description") is { } description)
                writer.WriteString("description"u8, description);
            if ((facts.Get("parameters") ?? facts.Get("input_schema")) is { } parameters)
            {
                writer.WritePropertyName("parameters"u8);
                parameters.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
