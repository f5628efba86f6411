using System.Text.Json;
using PandaProbe.Conventions;
using PandaProbe.Recording;
using PandaProbe.Values;

namespace PandaProbe.OpenAI.Json;

/// <summary>Reads a request's model parameters. Everything else, such as user identifiers, is not recorded.</summary>
internal static class Parameters
{
    private static readonly (string Name, string Tag)[] Standard =
    [
        ("temperature", GenAI.Request.Temperature), ("top_p", GenAI.Request.TopP), ("max_tokens", GenAI.Request.MaxTokens),
        ("max_completion_tokens", GenAI.Request.MaxTokens), ("max_output_tokens", GenAI.Request.MaxTokens),
        ("frequency_penalty", GenAI.Request.FrequencyPenalty), ("presence_penalty", GenAI.Request.PresencePenalty),
        ("seed", GenAI.Request.Seed),
    ];

    private static readonly string[] Others =
    [
        "reasoning_effort", "service_tier", "parallel_tool_calls", "top_logprobs", "logprobs", "truncation", "verbosity", "store",
            "background",
        "tool_choice", "max_tool_calls", "previous_response_id", "dimensions", "encoding_format",
    ];

    public static void Read(ModelCall call, JsonElement request)
    {
        foreach ((string? name, string? tag) in Standard)
        {
            if (Scalar(request.Get(name)) is { } value)
                call.Set(tag, value);
        }

        foreach (string name in Others)
            call.SetParameter(name, Scalar(request.Get(name)));

        if (request.Count("n") is { } choices and not 1)
            call.Set(GenAI.Request.ChoiceCount, choices);
        switch (request.Get("stop"))
        {
            case { ValueKind: JsonValueKind.String } stop:
                call.Set(GenAI.Request.StopSequences, new[] { stop.GetString()! });
                break;
            case { ValueKind: JsonValueKind.Array } stops when stops.GetArrayLength() > 0:
                call.Set(GenAI.Request.StopSequences, stops.EnumerateArray().Select(stop => stop.ToString()).ToArray());
                break;
        }

        if (request.Get("reasoning") is { } reasoning)
        {
            call.SetParameter("reasoning_effort", reasoning.Text("effort"));
            call.SetParameter("reasoning_summary", reasoning.Text("summary"));
        }

        string? format = (request.Get("response_format") ?? request.Get("text")?.Get("format"))?.Text("type");
        if (format is not null)
            call.Set(GenAI.Output.Type, format == "text" ? "text" : "json");
        if (request.Get("tools") is { ValueKind: JsonValueKind.Array } tools && tools.GetArrayLength() > 0 && call.CapturesContent)
            call.SetContent(GenAI.Tool.Definitions, new ToolDefinitions(tools.Clone()));
    }

    private static object? Scalar(JsonElement? element) => element switch
    {
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out long integer)
            && !number.GetRawText().Contains('.', StringComparison.Ordinal) => Boxes.Integer(integer),
        { ValueKind: JsonValueKind.Number } number => number.GetDouble(),
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.True } => Boxes.True,
        { ValueKind: JsonValueKind.False } => Boxes.False,
        _ => null,
    };
}
