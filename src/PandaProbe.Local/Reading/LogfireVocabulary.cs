using System.Text.Json;
using OpenTelemetry.Proto.Common.V1;

namespace PandaProbe.Local.Reading;

/// <summary>
/// Reads pydantic-ai and Logfire. A run of an agent holds the whole conversation, and the sum of its calls' tokens in
/// <c>gen_ai.aggregated_usage.*</c>; in earlier versions in <c>gen_ai.usage.*</c>, as a call does.
/// </summary>
internal static class LogfireVocabulary
{
    public const string Name = "pydantic-ai";

    private const string Aggregated = "gen_ai.aggregated_usage.";
    private const string Details = "gen_ai.usage.details.";

    // The number of OpenTelemetry's severity ERROR.
    private const int ErrorLevel = 17;

    public static bool Speaks(SpanFields fields) =>
        fields.Scope == "pydantic-ai" || fields.Scope.StartsWith("logfire", StringComparison.Ordinal) || fields.HasUnder("logfire.")
            || fields.HasUnder("pydantic_ai.");

    public static void Read(SpanFields fields, ReadSpan read)
    {
        SetKind(fields, read);
        SetConversation(fields, read);
        SetEvents(fields, read);
        SetRequest(fields, read);
        SetUsage(fields, read);
        read.ToolArguments = fields.TextOr(read.ToolArguments, "tool_arguments");
        read.ToolResult = fields.TextOr(read.ToolResult, "tool_response");
        if (fields.Texts("logfire.tags") is { Count: > 0 } tags && read.Tags.Count == 0)
            read.Tags = tags;
        read.IsError |= fields.Integer("logfire.level_num") >= ErrorLevel;
        OpenInferenceVocabulary.AddFields(read.Metadata, fields.Value("metadata"));
        fields.Skip("logfire.msg", "logfire.msg_template", "logfire.json_schema", "logfire.span_type", "logfire.metrics",
            "gen_ai.agent.call.id", "model_name");
    }

    private static void SetKind(SpanFields fields, ReadSpan read)
    {
        read.AgentName = fields.TextOr(read.AgentName, "gen_ai.agent.name", "agent_name");
        bool isRun = fields.Has("pydantic_ai.all_messages") || fields.Has("all_messages_events") || fields.Has("final_result")
            || fields.Span.Name is "agent run" || fields.Span.Name.StartsWith("invoke_agent", StringComparison.Ordinal);
        if (isRun)
            read.KindFound ??= StepKind.Agent;
        else if (fields.Has("tools") && fields.Span.Name.StartsWith("running", StringComparison.Ordinal))
            read.KindFound ??= StepKind.Chain;
        else if (fields.Has("request_data") && fields.Has("response_data"))
            read.KindFound ??= StepKind.Llm;
        read.UsageIsSum |= isRun;
        read.RequestModel ??= isRun ? null : fields.Text("model_name");
    }

    /// <summary>Splits a run's conversation before the last answer.</summary>
    private static void SetConversation(SpanFields fields, ReadSpan read)
    {
        IReadOnlyList<ReadMessage> all = fields.Messages([], ReadMessage.User, "pydantic_ai.all_messages", "all_messages_events");
        if (all.Count > 0 && read.Input.Count == 0)
        {
            bool isAnswered = all[^1].Role == ReadMessage.Assistant;
            read.Input = isAnswered ? [.. all.Take(all.Count - 1)] : all;
            if (isAnswered && read.Output.Count == 0)
                read.Output = [all[^1]];
        }

        if (fields.Text("final_result") is { } result && read.Output.Count == 0)
            read.OutputValue ??= result;
        if (fields.Text("prompt") is { } prompt && read.Input.Count == 0)
            read.InputValue ??= prompt;
    }

    private static void SetEvents(SpanFields fields, ReadSpan read)
    {
        if (fields.Json("events") is not { ValueKind: JsonValueKind.Array } events)
            return;

        List<ReadMessage> input = [];
        List<ReadMessage> output = [];
        foreach (JsonElement item in events.EnumerateArray().Take(ReadLimits.Items))
        {
            bool isChoice = item.Text("event.name") == "gen_ai.choice";
            if (MessageReader.ReadOne(item, isChoice ? ReadMessage.Assistant : ReadMessage.User) is { } message)
                (isChoice ? output : input).Add(message);
        }

        if (read.Input.Count == 0)
            read.Input = input;
        if (read.Output.Count == 0)
            read.Output = output;
    }

    /// <summary>Reads the bodies that Logfire's clients for OpenAI and Anthropic record.</summary>
    private static void SetRequest(SpanFields fields, ReadSpan read)
    {
        if (fields.Json("request_data") is { } request)
        {
            if (read.Input.Count == 0)
                read.Input = MessageReader.Read(request, ReadMessage.User);
            read.RequestModel ??= request.Text("model");
            read.ToolDefinitions ??= request.Get("tools") is { ValueKind: JsonValueKind.Array } tools ? tools.GetRawText() : null;
            foreach (string name in (ReadOnlySpan<string>)["temperature", "top_p", "max_tokens", "max_completion_tokens", "stream", "seed"])
            {
                if (request.Get(name) is { ValueKind: not JsonValueKind.Undefined } value
                    && !read.Parameters.Exists(parameter => parameter.Key == name))
                {
                    read.Parameters.Add(new ReadField(name, value.GetRawText()));
                }
            }
        }

        if (fields.Json("response_data") is { } response)
        {
            if (read.Output.Count == 0)
            {
                read.Output = response.Text("combined_chunk_content") is { } text
                    ? [ReadMessage.Of(ReadMessage.Assistant, text)] : MessageReader.Read(response, ReadMessage.Assistant);
            }

            JsonElement usage = response.Get("usage");
            read.Counts.Input ??= usage.First("prompt_tokens", "input_tokens").Integer();
            read.Counts.Output ??= usage.First("completion_tokens", "output_tokens").Integer();
            read.Counts.CacheRead ??= usage.First("prompt_tokens_details", "input_tokens_details").Get("cached_tokens").Integer()
                ?? usage.Get("cache_read_input_tokens").Integer();
            read.Counts.CacheWrite ??= usage.Get("cache_creation_input_tokens").Integer();
            read.Counts.Reasoning ??= usage.First("completion_tokens_details", "output_tokens_details").Get("reasoning_tokens").Integer();
        }

        if (fields.Json("model_request_parameters") is { } parameters
            && parameters.Get("function_tools") is { ValueKind: JsonValueKind.Array } functions
            && functions.GetArrayLength() > 0)
        {
            read.ToolDefinitions ??= functions.GetRawText();
        }

        fields.Skip("async", "gen_ai.request.model");
    }

    private static void SetUsage(SpanFields fields, ReadSpan read)
    {
        ReadCounts counts = read.Counts;
        if (fields.HasUnder(Aggregated))
        {
            read.UsageIsSum = true;
            counts.Input = fields.IntegerOr(counts.Input, Aggregated + "input_tokens");
            counts.Output = fields.IntegerOr(counts.Output, Aggregated + "output_tokens");
            counts.CacheRead = fields.IntegerOr(
                counts.CacheRead, Aggregated + "cache_read.input_tokens", Aggregated + "details.cache_read_tokens");
            counts.CacheWrite = fields.IntegerOr(
                counts.CacheWrite, Aggregated + "cache_creation.input_tokens", Aggregated + "details.cache_write_tokens");
            counts.Reasoning = fields.IntegerOr(counts.Reasoning, Aggregated + "details.reasoning_tokens");
        }

        foreach ((string key, AnyValue value) in fields.Under(Details))
        {
            long? count = value.Integer();
            switch (key)
            {
                case "cache_read_tokens" or "cache_read_input_tokens" or "cached_tokens":
                    counts.CacheRead ??= count;
                    break;
                case "cache_write_tokens" or "cache_creation_input_tokens":
                    counts.CacheWrite ??= count;
                    break;
                case "reasoning_tokens":
                    counts.Reasoning ??= count;
                    break;
                case "input_tokens" or "output_tokens":
                    break;
                default:
                    read.OtherUsage.Add(new ReadField(key, value.ToField()));
                    break;
            }
        }

        if (SpanCosts.Amount(fields.Value("operation.cost")) is { } cost && read.Cost is null)
            (read.Cost, read.CostSource) = (cost, CostSource.Reported);
    }
}
