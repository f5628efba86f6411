using System.Text.Json;
using OpenTelemetry.Proto.Common.V1;

namespace PandaProbe.Local.Reading;

/// <summary>
/// Reads messages in every shape that instrumentations write: the GenAI conventions' parts, the requests and responses of OpenAI, Anthropic
/// and Gemini, the Vercel AI SDK's, LangChain's, and what wraps them. Instrumentations mix them, so the shape decides and not the
/// vocabulary.
/// </summary>
internal static class MessageReader
{
    // Wrappers around messages, in the order in which they are looked for.
    private static readonly string[] Lists =
        ["messages", "input_messages", "contents", "input", "inputs", "prompt", "choices", "candidates", "outputs", "output", "generations",
            "message", "kwargs", "data", "value"];

    /// <summary>Returns the messages of a value. A text that is not JSON is one message with the given role.</summary>
    public static IReadOnlyList<ReadMessage> Read(AnyValue value, string role)
    {
        if (value.Json() is { } json)
            return Read(json, role);
        return value.Text() is { } text && !string.IsNullOrWhiteSpace(text) ? [ReadMessage.Of(role, text)] : [];
    }

    /// <summary>Returns the messages that the JSON is made of; none when it holds other things.</summary>
    public static IReadOnlyList<ReadMessage> Read(JsonElement json, string role)
    {
        if (PlainMessages.Of(json) is { } plain)
            return plain;

        List<ReadMessage> messages = [];
        if (!Add(messages, json, role, 0))
            return [];

        return messages;
    }

    /// <summary>Returns the one message that the JSON is; <see langword="null"/> when it is none.</summary>
    public static ReadMessage? ReadOne(JsonElement json, string role) => ToMessage(json, role);

    private static bool Add(List<ReadMessage> messages, JsonElement json, string role, int depth)
    {
        if (depth > ReadLimits.Wrappers)
            return false;

        return json.ValueKind switch
        {
            JsonValueKind.Array => AddArray(messages, json, role, depth),
            JsonValueKind.Object => AddObject(messages, json, role, depth),
            _ => false,
        };
    }

    private static bool AddArray(List<ReadMessage> messages, JsonElement array, string role, int depth)
    {
        int before = messages.Count;
        List<ReadPart> loose = [];
        foreach (JsonElement item in array.EnumerateArray().Take(ReadLimits.Items))
        {
            if (item.ValueKind == JsonValueKind.String)
            {
                if (item.GetString() is { Length: > 0 } text)
                    loose.Add(new ReadPart(ReadPartKind.Text, text));
            }
            else if (item.IsArray())
            {
                // LangChain writes a batch of conversations.
                Add(messages, item, role, depth + 1);
            }
            else if (ToMessage(item, role) is { } message)
            {
                Flush(messages, loose, role);
                messages.Add(message);
            }
            else if (PartReader.IsPart(item))
            {
                PartReader.Add(loose, item);
            }
            else if (!Add(messages, item, role, depth + 1) && messages.Count == before && loose.Count == 0)
            {
                return false;
            }
        }

        Flush(messages, loose, role);
        return messages.Count > before;
    }

    private static void Flush(List<ReadMessage> messages, List<ReadPart> loose, string role)
    {
        if (loose.Count == 0)
            return;

        messages.Add(new ReadMessage(RoleOf(role, loose), [.. loose]));
        loose.Clear();
    }

    private static bool AddObject(List<ReadMessage> messages, JsonElement json, string role, int depth)
    {
        if (ToMessage(json, role) is { } message)
        {
            messages.Add(message);
            return true;
        }

        int before = messages.Count;
        if (PartReader.Texts(json.First("system", "instructions", "systemInstruction", "system_instruction")) is { } system)
            messages.Add(ReadMessage.Of(ReadMessage.System, system));
        foreach (string name in Lists)
        {
            JsonElement list = json.Get(name);
            if (name is "input" or "prompt" or "output" && list.ValueKind == JsonValueKind.String
                && list.GetString() is { Length: > 0 } text)
            {
                messages.Add(ReadMessage.Of(role, text));
                return true;
            }

            int count = messages.Count;
            if (list.ValueKind is JsonValueKind.Array or JsonValueKind.Object && Add(messages, list, role, depth + 1)
                && messages.Count > count)
            {
                return true;
            }
        }

        // Instructions alone are no conversation.
        messages.RemoveRange(before, messages.Count - before);
        return false;
    }

    private static ReadMessage? ToMessage(JsonElement json, string role)
    {
        if (!json.IsObject())
            return null;
        if (PlainMessages.IsPlain(json))
            return ReadPlain(json);

        // OpenInference, a choice of OpenAI, and an event of pydantic-ai put the message into a property.
        JsonElement inner = json.Get("message");
        if (inner.IsObject() && json.Text("role") is null)
        {
            string? reason = json.Text("finish_reason", "finishReason");
            return ToMessage(inner, role) is { } message
                ? message with { FinishReason = message.FinishReason ?? FinishReasons.Normalise(reason) } : null;
        }

        if (json.Get("kwargs") is { ValueKind: JsonValueKind.Object } kwargs && LangChainRole(json) is { } chainRole)
            return FromContent(kwargs, chainRole);

        JsonElement content = json.Get("content");
        if (json.Get("finishReason").ValueKind == JsonValueKind.String && content.IsObject())
        {
            // A candidate of Gemini.
            return ToMessage(content, role) is { } message
                ? message with { FinishReason = FinishReasons.Normalise(json.Text("finishReason")) } : null;
        }

        string? said = json.Text("role") ?? RoleOfEvent(json.Text("event.name")) ?? RoleOfType(json.Text("type"));
        return said is not null
            ? FromContent(json, said)
            : json.Text("type") is { } type && PartReader.IsItem(type) ? FromItem(json, type)
            : json.Get("parts").IsArray()
            || (content.ValueKind is JsonValueKind.String or JsonValueKind.Array && json.Get("type").ValueKind == JsonValueKind.Undefined)
            || json.Get("tool_calls").IsArray()
                ? FromContent(json, role)
                : null;
    }

    /// <summary>Reads a message that <see cref="PlainMessages.IsPlain"/>.</summary>
    public static ReadMessage ReadPlain(JsonElement json)
    {
        List<ReadPart> parts = [];
        PartReader.AddAll(parts, json.Get("parts"));
        return new ReadMessage(RoleOf(Normalise(json.Text("role")!), parts), parts,
            FinishReason: FinishReasons.Normalise(json.Text("finish_reason")));
    }

    private static ReadMessage FromContent(JsonElement json, string role)
    {
        List<ReadPart> parts = [];
        if (json.Text("reasoning_content", "reasoning", "thinking") is { } reasoning)
            parts.Add(new ReadPart(ReadPartKind.Reasoning, reasoning));

        string normal = Normalise(role);
        JsonElement content = json.First("parts", "content", "contents", "text");
        if (content.ValueKind == JsonValueKind.String && PartReader.PartsIn(content.GetString()) is { } inner)
            content = inner;
        string? callId = json.Text("tool_call_id", "toolCallId", "call_id");
        if (normal == ReadMessage.Tool && content.TextOrJson() is { } result && !PartReader.HoldsResults(content))
        {
            parts.Add(new ReadPart(
                ReadPartKind.ToolResult, PartReader.Texts(content) ?? result, callId ?? json.Text("id"), json.Text("name")));
        }
        else
        {
            PartReader.AddAll(parts, content);
        }

        foreach (string name in (ReadOnlySpan<string>)["tool_calls", "toolCalls"])
            PartReader.AddCalls(parts, json.Get(name));
        if (!parts.Exists(part => part.Kind == ReadPartKind.ToolCall))
        {
            PartReader.AddCalls(parts, json.Get("additional_kwargs").Get("tool_calls"));
            if (json.First("function_call") is { ValueKind: JsonValueKind.Object } call)
                parts.Add(new ReadPart(ReadPartKind.ToolCall, call.Get("arguments").TextOrJson(), null, call.Text("name")));
        }

        if (json.Text("refusal") is { } refusal)
            parts.Add(new ReadPart(ReadPartKind.Text, refusal));
        string? reason = json.Text("finish_reason", "finishReason", "stop_reason");
        return new ReadMessage(
            RoleOf(normal, parts), parts, normal == ReadMessage.Tool ? null : json.Text("name"), FinishReasons.Normalise(reason));
    }

    /// <summary>Reads an item of OpenAI's Responses API that is no message.</summary>
    private static ReadMessage FromItem(JsonElement json, string type)
    {
        List<ReadPart> parts = [];
        PartReader.Add(parts, json);
        return new ReadMessage(type.EndsWith("_output", StringComparison.Ordinal) ? ReadMessage.Tool : ReadMessage.Assistant, parts);
    }

    // Anthropic sends the results of tools as the user.
    private static string RoleOf(string role, List<ReadPart> parts) =>
        role == ReadMessage.User && parts.Count > 0 && parts.TrueForAll(part => part.Kind == ReadPartKind.ToolResult)
            ? ReadMessage.Tool : role;

    public static string Normalise(string role) => role.ToLowerInvariant() switch
    {
        "developer" => ReadMessage.System,
        "human" or "humanmessage" => ReadMessage.User,
        "ai" or "model" or "aimessage" or "aimessagechunk" => ReadMessage.Assistant,
        "function" or "toolmessage" or "functionmessage" => ReadMessage.Tool,
        "systemmessage" => ReadMessage.System,
        { } other => other,
    };

    private static string? RoleOfEvent(string? name) => name switch
    {
        "gen_ai.system.message" => ReadMessage.System,
        "gen_ai.user.message" => ReadMessage.User,
        "gen_ai.assistant.message" or "gen_ai.choice" => ReadMessage.Assistant,
        "gen_ai.tool.message" => ReadMessage.Tool,
        _ => null,
    };

    private static string? RoleOfType(string? type) =>
        type is "human" or "ai" or "system" or "AIMessageChunk" or "HumanMessage" or "AIMessage" or "SystemMessage" or "ToolMessage"
            ? type : null;

    private static string? LangChainRole(JsonElement json)
    {
        JsonElement id = json.Get("id");
        string? name = id.IsArray() && id.GetArrayLength() > 0 ? id[id.GetArrayLength() - 1].Scalar() : null;
        return RoleOfType(name) ?? (name is "ChatMessage" ? ReadMessage.User : null);
    }
}
