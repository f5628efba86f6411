using System.Globalization;
using System.Text.Json;
using OpenTelemetry.Proto.Common.V1;

namespace PandaProbe.Local.Reading;

/// <summary>
/// Reads OpenInference, the vocabulary of Phoenix. Lists are flat: <c>llm.input_messages.0.message.role</c>.
/// https://github.com/Arize-ai/openinference/blob/main/spec/semantic_conventions.md
/// </summary>
internal static class OpenInferenceVocabulary
{
    public const string Name = "openinference";

    public static bool Speaks(SpanFields fields) =>
        fields.Has("openinference.span.kind") || fields.Scope.StartsWith("openinference", StringComparison.Ordinal)
        || fields.HasUnder("llm.input_messages.") || fields.HasUnder("llm.output_messages.") || fields.HasUnder("llm.token_count.");

    public static void Read(SpanFields fields, ReadSpan read)
    {
        fields.Skip("llm.provider", "llm.system");
        SetKind(fields, read);
        SetContent(fields, read);
        SetModel(fields, read);
        SetUsage(fields, read);
        SetRetrieval(fields, read);
        SetContext(fields, read);
    }

    private static void SetKind(SpanFields fields, ReadSpan read)
    {
        if (fields.Text("openinference.span.kind")?.ToUpperInvariant() is not { } kind)
            return;

        if (read.KindFound is null && StepKinds.FromName(kind) is null)
            read.KindLabel ??= kind;
        read.KindFound ??= kind == "RERANKER" ? StepKind.Retriever : StepKinds.FromName(kind) ?? StepKind.Other;
    }

    private static void SetContent(SpanFields fields, ReadSpan read)
    {
        read.Input = fields.FlatMessages(read.Input, ReadMessage.User, "llm.input_messages.");
        read.Output = fields.FlatMessages(read.Output, ReadMessage.Assistant, "llm.output_messages.");
        read.Input = Texts(fields, read.Input, ReadMessage.User, "llm.prompts.", "prompt");
        read.Output = Texts(fields, read.Output, ReadMessage.Assistant, "llm.choices.", "completion");
        read.ToolName = fields.TextOr(read.ToolName, "tool.name", "tool_call.function.name");
        read.ToolCallId = fields.TextOr(read.ToolCallId, "tool.id", "tool_call.id");
        read.ToolDescription = fields.TextOr(read.ToolDescription, "tool.description");
        read.ToolArguments = fields.TextOr(read.ToolArguments, "tool_call.function.arguments");
        string? parameters = fields.Text("tool.parameters");
        if (read.Kind == StepKind.Tool)
            read.ToolArguments ??= fields.Has("input.value") ? null : parameters;
        SetTools(fields, read);
        if (fields.Flat("embedding.embeddings.") is { } embeddings && read.InputValue is null)
        {
            read.InputValue = string.Join(
                '\n', embeddings.EnumerateArray().Select(item => item.Get("embedding").Text("text")).OfType<string>());
            read.InputValue = read.InputValue.Length > 0 ? read.InputValue : null;
        }
    }

    private static IReadOnlyList<ReadMessage> Texts(
        SpanFields fields, IReadOnlyList<ReadMessage> known, string role, string prefix, string wrapper)
    {
        if (fields.Flat(prefix) is not { } texts || known.Count > 0)
            return known;

        return [.. texts.EnumerateArray().Select(text => text.Get(wrapper).Text("text")).OfType<string>()
            .Select(text => ReadMessage.Of(role, text))];
    }

    private static void SetTools(SpanFields fields, ReadSpan read)
    {
        if (fields.Flat("llm.tools.") is not { } tools || read.ToolDefinitions is not null)
            return;

        IEnumerable<string> schemas = tools.EnumerateArray()
            .Select(tool => tool.Get("tool").Get("json_schema"))
            .Select(schema => schema.ValueKind == JsonValueKind.String
            ? LenientJson.Parse(schema.GetString())?.GetRawText() : schema.TextOrJson())
            .OfType<string>();
        read.ToolDefinitions = $"[{string.Join(',', schemas)}]";
    }

    private static void SetModel(SpanFields fields, ReadSpan read)
    {
        read.RequestModel = fields.TextOr(read.RequestModel, "llm.request.model_name");
        read.ResponseModel = fields.TextOr(
            read.ResponseModel, "llm.response.model_name", "llm.model_name", "embedding.model_name", "reranker.model_name");
        read.Provider ??= Providers.Normalise(fields.Text("llm.provider", "llm.system"));
        if (fields.Text("llm.finish_reason") is { } reason && read.FinishReasons.Count == 0)
            read.FinishReasons = FinishReasons.Normalise([reason]);
        if (fields.Json("llm.invocation_parameters") is not { ValueKind: JsonValueKind.Object } parameters)
            return;

        foreach (JsonProperty parameter in parameters.EnumerateObject())
        {
            if (parameter.Name is "model")
            {
                read.RequestModel ??= parameter.Value.Scalar();
            }
            else if (parameter.Name is not ("messages" or "tools" or "input" or "system")
                && !read.Parameters.Exists(known => known.Key == parameter.Name))
            {
                read.Parameters.Add(new ReadField(parameter.Name, parameter.Value.GetRawText()));
            }
        }
    }

    private static void SetUsage(SpanFields fields, ReadSpan read)
    {
        ReadCounts counts = read.Counts;
        counts.Input = fields.IntegerOr(counts.Input, "llm.token_count.prompt");
        counts.Output = fields.IntegerOr(counts.Output, "llm.token_count.completion");
        counts.Total = fields.IntegerOr(counts.Total, "llm.token_count.total");
        counts.CacheRead = fields.IntegerOr(
            counts.CacheRead, "llm.token_count.prompt_details.cache_read", "llm.token_count.prompt_details.cache_input");
        counts.CacheWrite = fields.IntegerOr(counts.CacheWrite, "llm.token_count.prompt_details.cache_write");
        counts.AudioInput = fields.IntegerOr(counts.AudioInput, "llm.token_count.prompt_details.audio");
        counts.AudioOutput = fields.IntegerOr(counts.AudioOutput, "llm.token_count.completion_details.audio");
        counts.Reasoning = fields.IntegerOr(counts.Reasoning, "llm.token_count.completion_details.reasoning");
        bool isKnown = read.Cost is not null;
        decimal? total = SpanCosts.Amount(fields.Value("llm.cost.total"));
        decimal sum = 0;
        foreach ((string key, AnyValue value) in fields.Under("llm.cost."))
        {
            if (key is not ("prompt" or "completion") || isKnown || SpanCosts.Amount(value) is not { } part)
                continue;

            sum += part;
            read.CostParts.Add(new ReadField(key == "prompt" ? "input" : "output", part.ToString(CultureInfo.InvariantCulture)));
        }

        if (!isKnown && (total ?? (sum > 0 ? sum : null)) is { } cost)
            (read.Cost, read.CostSource) = (cost, CostSource.Reported);
    }

    private static void SetRetrieval(SpanFields fields, ReadSpan read)
    {
        foreach (string prefix in (ReadOnlySpan<string>)["retrieval.documents.", "reranker.output_documents."])
        {
            if (fields.Flat(prefix) is { } documents && read.Documents.Count == 0)
                read.Documents = Documents.Read(documents);
        }

        // What a reranker got is what it gave, in another order.
        fields.Flat("reranker.input_documents.");
        read.Query = fields.TextOr(read.Query, "reranker.query");
        if (fields.Integer("reranker.top_k") is { } top)
            read.Parameters.Add(new ReadField("top_k", top.ToString(CultureInfo.InvariantCulture)));
    }

    private static void SetContext(SpanFields fields, ReadSpan read)
    {
        read.AgentName = fields.TextOr(read.AgentName, "agent.name");
        read.PromptName = fields.TextOr(read.PromptName, "prompt.id", "llm.prompt_template.name");
        read.PromptVersion = fields.TextOr(read.PromptVersion, "llm.prompt_template.version");
        AddFields(read.Metadata, fields.Value("metadata"));
        foreach ((string key, AnyValue value) in fields.Under("llm.prompt_template."))
        {
            if (key is "template" or "variables")
                read.Metadata.Add(new ReadField("prompt_" + key, value.ToField()));
        }

        foreach (string prefix in (ReadOnlySpan<string>)["evaluations.", "annotations."])
        {
            if (fields.Flat(prefix) is { } evaluations)
                AddScores(read, evaluations, prefix[..^2]);
        }
    }

    /// <summary>Adds the properties of an object; any other value under the name <c>metadata</c>.</summary>
    public static void AddFields(List<ReadField> fields, AnyValue? value)
    {
        if (value is null)
            return;

        if (value.Json() is not { ValueKind: JsonValueKind.Object } json)
        {
            fields.Add(new ReadField("metadata", value.ToField()));
            return;
        }

        // A span often repeats its metadata for several backends.
        HashSet<string> known = [.. fields.Select(field => field.Key)];
        foreach (JsonProperty property in json.EnumerateObject().Take(ReadLimits.Items).Where(property => known.Add(property.Name)))
            fields.Add(new ReadField(property.Name, property.Value.GetRawText()));
    }

    private static void AddScores(ReadSpan read, JsonElement evaluations, string wrapper)
    {
        foreach (JsonElement item in evaluations.EnumerateArray().Take(ReadLimits.Items))
        {
            JsonElement evaluation = item.Get(wrapper);
            if (evaluation.Text("name") is { } name)
            {
                double? value = evaluation.Get("score") is { ValueKind: JsonValueKind.Number } score
                    && score.TryGetDouble(out double number) ? number : null;
                read.Scores.Add(new ReadScore(name, value, evaluation.Text("label"), evaluation.Text("explanation")));
            }
        }
    }
}
