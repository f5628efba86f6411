using System.Text.Json;
using PandaProbe.Values;

namespace PandaProbe.OpenAI.Json;

/// <summary>
/// Converts a request's tools to the shape of the semantic conventions: <c>{"type","name",…}</c> at the top level for both endpoints.
/// </summary>
internal sealed class ToolDefinitions(JsonElement tools) : ContentValue
{
    public override long Length => RawJson.BytesOf(tools).Length;

    public override void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        foreach (JsonElement tool in tools.EnumerateArray())
        {
            string type = tool.Text("type") ?? "function";
            JsonElement facts = tool.Get("function") ?? tool;
            writer.WriteStartObject();
            writer.WriteString("type"u8, type);
            writer.WriteString("name"u8, facts.Text("name") ?? facts.Text("server_label") ?? type);
            if (facts.Text("description") is { } description)
                writer.WriteString("description"u8, description);
            if (facts.Get("parameters") is { } parameters)
            {
                writer.WritePropertyName("parameters"u8);
                parameters.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
