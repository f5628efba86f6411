using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace PandaProbe.Testing.Cassettes.Chat;

/// <summary>Calls and answers of chat clients as JSON.</summary>
internal static class ChatJson
{
    private static readonly string[] VolatileInMessages = ["createdAt", "messageId"];

    public static JsonObject Request(string call, IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        JsonArray written = [];
        foreach (ChatMessage message in messages)
        {
            JsonObject json = Write(message).AsObject();
            foreach (string name in VolatileInMessages)
                json.Remove(name);

            written.Add((JsonNode)json);
        }

        JsonObject request = new() { ["call"] = call, ["messages"] = written };
        if (options is not null)
            request["options"] = Options(options);

        return request;
    }

    public static JsonNode Write<T>(T value)
    {
        try
        {
            return JsonSerializer.SerializeToNode(value, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(T)))!;
        }
        catch (NotSupportedException exception)
        {
            throw new CassetteException(
                $"The call cannot be recorded, because a value in its {typeof(T).Name} cannot be written as JSON: {exception.Message}",
                exception);
        }
    }

    public static T Read<T>(JsonNode json) => (T)json.Deserialize(AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(T)))!;

    /// <summary>Tools are functions of the program, so only what a model sees of them is compared.</summary>
    private static JsonObject Options(ChatOptions options)
    {
        JsonObject json = Write(options).AsObject();
        if (options.Tools is not { Count: > 0 } tools)
            return json;

        JsonArray written = [];
        foreach (AITool tool in tools)
        {
            JsonObject one = new() { ["name"] = tool.Name, ["description"] = tool.Description };
            if (tool is AIFunctionDeclaration declaration)
                one["schema"] = JsonNode.Parse(declaration.JsonSchema.GetRawText());

            written.Add((JsonNode)one);
        }

        json["tools"] = written;
        return json;
    }
}
