using System.Text.Json;
using PandaProbe.Conventions;
using PandaProbe.Messages;
using PandaProbe.Recording;
using PandaProbe.Values;

namespace PandaProbe.OpenAI.Json;

/// <summary>Reads https://platform.openai.com/docs/api-reference/chat.</summary>
internal sealed class ChatFormat : WireFormat
{
    public static readonly ChatFormat Instance = new();

    public override void ReadRequest(ModelCall call, JsonElement request)
    {
        call.SetModel(request.Text("model"));
        if (!call.IsRecording)
            return;

        Parameters.Read(call, request);
        if (!call.CapturesContent)
            return;

        call.SetInput([.. request.Items("messages").Select(message => ReadMessage(message, finishReason: null))]);
    }

    public override void ReadResponse(ModelCall call, JsonElement response)
    {
        List<string> reasons = [];
        foreach (JsonElement choice in response.Items("choices"))
        {
            if (FinishReasons.Normalise(choice.Text("finish_reason")) is { } reason)
                reasons.Add(reason);
        }

        call.SetResponse(response.Text("id"), response.Text("model"), reasons.Count == 1 ? reasons[0] : null);
        if (reasons.Count > 1)
            call.Set(GenAI.Response.FinishReasons, reasons.ToArray());
        UsageJson.Read(call, response);
        if (response.Text("service_tier") is { } tier)
            call.SetMetadata("service_tier", tier);
        if (response.Text("system_fingerprint") is { } fingerprint)
            call.SetMetadata("system_fingerprint", fingerprint);
        if (!call.CapturesContent)
            return;

        call.SetOutput([
            .. response.Items("choices").Where(choice => choice.Get("message") is not null)
                .Select(choice => ReadMessage(choice.Get("message")!.Value, FinishReasons.Normalise(choice.Text("finish_reason"))))]);
    }

    public override AnswerReader<JsonElement> NewEventReader(ModelCall call) => new ChatEventReader(call);

    private static MessageContent ReadMessage(JsonElement message, string? finishReason)
    {
        string role = PartsJson.Role(message.Text("role"));
        if (role == "tool")
        {
            List<Part> returned = PartsJson.Read(message.Get("content"));
            object? result = returned is [{ Kind: PartKind.Text } only] ? only.Text : message.Get("content") is { } content
                ? content.Clone() : null;
            return new(role, [Part.ToolResult(message.Text("tool_call_id"), result)], message.Text("name"));
        }

        List<Part> parts = [];
        // OpenAI has no such field. Compatible servers use these names.
        if ((message.Text("reasoning_content") ?? message.Text("reasoning")) is { Length: > 0 } reasoning)
            parts.Add(Part.OfReasoning(reasoning));
        parts.AddRange(PartsJson.Read(message.Get("content")));
        if (message.Text("refusal") is { } refusal)
            parts.Add(Part.OfText(refusal));
        foreach (JsonElement call in message.Items("tool_calls"))
        {
            JsonElement facts = call.Get("function") ?? call.Get("custom") ?? default;
            parts.Add(Part.ToolCall(call.Text("id"), facts.Text("name"), Arguments(facts.Text("arguments") ?? facts.Text("input"))));
        }

        if (message.Get("function_call") is { } function)
            parts.Add(Part.ToolCall(null, function.Text("name"), Arguments(function.Text("arguments"))));
        if (message.Get("audio")?.Text("transcript") is { } transcript)
            parts.Add(Part.OfText(transcript));
        return parts is [{ Kind: PartKind.Text } text]
            ? new(role, text.Text, message.Text("name"), finishReason)
            : new(role, [.. parts], message.Text("name"), finishReason);
    }

    private static RawJson? Arguments(string? json) => json is null ? null : new(json);
}
