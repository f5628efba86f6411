using System.Text.Json;
using PandaProbe.Values;

namespace PandaProbe.OpenAI.Json;

/// <summary>The tools of a request in the shape of the conventions: <c>{"type","name",…}</c> at the top, whichever endpoint they were for.</summary>
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
