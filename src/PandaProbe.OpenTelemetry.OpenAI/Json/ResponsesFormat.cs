using System.Text.Json;
using PandaProbe.Conventions;
using PandaProbe.Messages;
using PandaProbe.Recording;
using PandaProbe.Values;

namespace PandaProbe.OpenAI.Json;

/// <summary>Reads https://platform.openai.com/docs/api-reference/responses.</summary>
internal sealed class ResponsesFormat : WireFormat
{
    public static readonly ResponsesFormat Instance = new();

    public override void ReadRequest(ModelCall call, JsonElement request)
    {
        call.SetModel(request.Text("model"));
        if (!call.IsRecording)
            return;

        Parameters.Read(call, request);
        call.SetConversation(request.Text("conversation") ?? request.Get("conversation")?.Text("id"));
        if (!call.CapturesContent)
            return;

        List<MessageContent> messages = [];
        if (request.Get("input") is { ValueKind: JsonValueKind.String } text)
            messages.Add(new("user", text.GetString()));
        foreach (JsonElement item in request.Items("input"))
            messages.Add(ReadInput(item));
        call.SetInput([.. messages], request.Text("instructions") is { Length: > 0 } instructions ? [Part.OfText(instructions)] : null);
    }

    public override void ReadResponse(ModelCall call, JsonElement response)
    {
        string? reason = FinishReason(response);
        call.SetResponse(response.Text("id"), response.Text("model"), reason);
        call.SetConversation(response.Get("conversation")?.Text("id"));
        UsageJson.Read(call, response);
        if (response.Text("service_tier") is { } tier)
            call.SetMetadata("service_tier", tier);
        if (response.Text("status") is "failed" && response.Get("error") is { } error)
            call.SetError(ErrorJson.Type(error), error.Text("message"));
        if (!call.IsRecording)
            return;

        List<Part> parts = [];
        List<string> summaries = [];
        foreach (JsonElement item in response.Items("output"))
        {
            AddParts(parts, item);
            if (item.Text("type") == "reasoning")
                summaries.AddRange(item.Items("summary").Select(part => part.Text("text")).OfType<string>());
            ToolSpans.Record(item);
        }

        call.SetReasoningSummary(summaries.Count == 0 ? null : string.Join("\n\n", summaries));
        if (call.CapturesContent && parts.Count > 0)
            call.SetOutput([new("assistant", [.. parts], name: null, reason)]);
    }

    public override AnswerReader<JsonElement> NewEventReader(ModelCall call) => new ResponsesEventReader(call);

    private static string? FinishReason(JsonElement response) => response.Text("status") switch
    {
        "completed" => response.Items("output").Any(item => item.Text("type") is "function_call" or "custom_tool_call")
            ? FinishReasons.ToolCall : FinishReasons.Stop,
        "incomplete" => FinishReasons.Normalise(response.Get("incomplete_details")?.Text("reason")) ?? FinishReasons.Length,
        "failed" => FinishReasons.Error,
        _ => null,
    };

    private static MessageContent ReadInput(JsonElement item)
    {
        string type = item.Text("type") ?? "message";
        if (type == "message")
        {
            List<Part> content = PartsJson.Read(item.Get("content"));
            string role = PartsJson.Role(item.Text("role"));
            return content is [{ Kind: PartKind.Text } only] ? new(role, only.Text) : new(role, [.. content]);
        }

        if (type.EndsWith("_output", StringComparison.Ordinal))
        {
            object? result = item.Text("output");
            result ??= item.Get("output")?.Clone();
            return new("tool", [Part.ToolResult(item.Text("call_id") ?? item.Text("id"), result)]);
        }

        List<Part> parts = [];
        AddParts(parts, item);
        return new("assistant", [.. parts]);
    }

    private static void AddParts(List<Part> parts, JsonElement item)
    {
        string type = item.Text("type") ?? "message";
        switch (type)
        {
            case "message":
                parts.AddRange(PartsJson.Read(item.Get("content")));
                break;
            case "reasoning":
                foreach (JsonElement part in item.Items("summary").Concat(item.Items("content")))
                    parts.Add(Part.OfReasoning(part.Text("text")));
                break;
            case "item_reference":
                parts.Add(Part.Generic(type, item.Text("id"), null));
                break;
            default:
                if (ToolSpans.NameOf(item) is { } name)
                    parts.Add(Part.ToolCall(item.Text("call_id") ?? item.Text("id"), name, ToolSpans.ArgumentsOf(item)));
                else
                    parts.Add(Part.Generic(type, item.Text("id"), null));
                break;
        }
    }
}
