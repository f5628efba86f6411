using System.Text.Json;
using Microsoft.Extensions.AI;
using PandaProbe.Values;

namespace PandaProbe.AI;

/// <summary>Holds the tools offered to the model. Their schemas are written only when the value is read.</summary>
internal sealed class ToolDefinitions(AITool[] tools) : ContentValue
{
    // Without the schemas: the application keeps its tools, and their schemas with them, whether a span refers to them or not.
    public override long Length => tools.Sum(static tool => (long)tool.Name.Length + tool.Description.Length);

    public override void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        foreach (AITool tool in tools)
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, tool is AIFunctionDeclaration ? "function" : tool.Name);
            writer.WriteString("name"u8, tool.Name);
            if (!string.IsNullOrEmpty(tool.Description))
                writer.WriteString("description"u8, tool.Description);
            if (tool is AIFunctionDeclaration function)
            {
                writer.WritePropertyName("parameters"u8);
                function.JsonSchema.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
