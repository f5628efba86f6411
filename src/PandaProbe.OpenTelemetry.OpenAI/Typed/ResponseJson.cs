using System.Buffers;
using System.ClientModel.Primitives;
using System.Text.Json;
using OpenAI.Responses;

namespace PandaProbe.OpenAI.Typed;

/// <summary>Turns a typed response into JSON again.</summary>
internal static class ResponseJson
{
    public static JsonDocument Of(ResponseResult response)
    {
        try
        {
            return JsonDocument.Parse(TypedCall.Json(response));
        }
        catch (Exception)
        {
            // The package cannot write every response that it has read, for example one whose MCP server has the address "<redacted>".
            return OfParts(response);
        }
    }

    private static JsonDocument OfParts(ResponseResult response)
    {
        ArrayBufferWriter<byte> json = new();
        using (Utf8JsonWriter writer = new(json))
        {
            writer.WriteStartObject();
            writer.WriteString("id"u8, response.Id);
            writer.WriteString("model"u8, response.Model);
            writer.WriteString("status"u8, response.Status?.ToString().ToLowerInvariant());
            writer.WriteString("service_tier"u8, response.ServiceTier?.ToString());
            Write(writer, "usage", response.Usage);
            Write(writer, "error", response.Error);
            Write(writer, "incomplete_details", response.IncompleteStatusDetails);
            Write(writer, "conversation", response.ConversationOptions);
            writer.WriteStartArray("output"u8);
            foreach (ResponseItem item in response.OutputItems)
                Write(writer, name: null, item);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return JsonDocument.Parse(json.WrittenMemory);
    }

    private static void Write<T>(Utf8JsonWriter writer, string? name, T? part)
        where T : class, IPersistableModel<T>
    {
        try
        {
            if (part is null)
                return;

            ReadOnlyMemory<byte> json = TypedCall.Json(part);
            if (name is not null)
                writer.WritePropertyName(name);
            writer.WriteRawValue(json.Span);
        }
        catch (Exception)
        {
            // The other parts count all the same.
        }
    }
}
