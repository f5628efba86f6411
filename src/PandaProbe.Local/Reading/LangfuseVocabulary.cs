using System.Globalization;
using System.Text.Json;
using OpenTelemetry.Proto.Common.V1;

namespace PandaProbe.Local.Reading;

/// <summary>
/// Reads the SDKs of Langfuse, version 3 and later: <c>langfuse.*</c>. Its counts of tokens exclude each other where they have names of its
/// own.
/// </summary>
internal static class LangfuseVocabulary
{
    public const string Name = "langfuse";

    private const string Observation = "langfuse.observation.";

    public static bool Speaks(SpanFields fields) =>
        fields.HasUnder("langfuse.") || fields.Scope.StartsWith("langfuse", StringComparison.Ordinal);

    public static void Read(SpanFields fields, ReadSpan read)
    {
        SetKind(fields, read);
        read.InputValue = fields.TextOr(read.InputValue, "langfuse.observation.input", "langfuse.trace.input");
        read.OutputValue = fields.TextOr(read.OutputValue, "langfuse.observation.output", "langfuse.trace.output");
        read.ResponseModel = fields.TextOr(read.ResponseModel, "langfuse.observation.model.name", "langfuse.observation.model");
        OpenInferenceVocabulary.AddFields(read.Parameters, fields.Value("langfuse.observation.model.parameters"));
        if (fields.Json("langfuse.observation.usage_details") is { } usage)
            SetUsage(read, usage);
        if (fields.Json("langfuse.observation.cost_details") is { } cost)
            SetCost(read, cost);
        if (fields.Text("langfuse.observation.completion_start_time") is { } moment)
            read.TimeToFirstChunk ??= SpanTimes.SinceStart(fields.Span, moment);
        read.PromptName = fields.TextOr(read.PromptName, "langfuse.observation.prompt.name");
        read.PromptVersion = fields.TextOr(read.PromptVersion, "langfuse.observation.prompt.version");
        SetTrace(fields, read);
        if (fields.Text("langfuse.observation.level") == "ERROR")
            read.IsError = true;
        if (fields.Text("langfuse.observation.status_message") is { } message && read.IsError)
            read.ErrorMessage ??= message;
        AddMetadata(fields, read, "langfuse.observation.metadata");
        AddMetadata(fields, read, "langfuse.trace.metadata");
    }

    private static void SetKind(SpanFields fields, ReadSpan read)
    {
        if (fields.Text(Observation + "type")?.ToLowerInvariant() is not { } type || read.KindFound is not null)
            return;

        read.KindFound = type == "generation" ? StepKind.Llm : StepKinds.FromName(type) ?? StepKind.Other;
        if (read.KindFound == StepKind.Other && type != "span")
            read.KindLabel ??= type.ToUpperInvariant();
    }

    private static void SetTrace(SpanFields fields, ReadSpan read)
    {
        read.TraceName = fields.TextOr(read.TraceName, "langfuse.trace.name");
        read.SessionId = fields.TextOr(read.SessionId, "langfuse.session.id");
        read.UserId = fields.TextOr(read.UserId, "langfuse.user.id");
        if (fields.Texts("langfuse.trace.tags", "langfuse.tags") is { Count: > 0 } tags && read.Tags.Count == 0)
            read.Tags = tags;
        foreach (string name in (ReadOnlySpan<string>)["environment", "release", "version"])
        {
            if (fields.Value("langfuse." + name) is { } value)
                read.Metadata.Add(new ReadField(name, value.ToField()));
        }

        fields.Skip("langfuse.internal.as_root", "langfuse.internal.is_app_root", "langfuse.trace.public");
    }

    private static void AddMetadata(SpanFields fields, ReadSpan read, string name)
    {
        OpenInferenceVocabulary.AddFields(read.Metadata, fields.Value(name));
        foreach ((string key, AnyValue value) in fields.Under(name + "."))
            read.Metadata.Add(new ReadField(key, value.ToField()));
    }

    private static void SetUsage(ReadSpan read, JsonElement usage)
    {
        if (!usage.IsObject())
            return;

        ReadCounts counts = read.Counts;
        long? input = usage.Get("input").Integer();
        long? output = usage.Get("output").Integer();
        long? cacheRead = usage.First("input_cached_tokens", "input_cache_read", "cache_read_input_tokens", "input_cache_read_tokens")
            .Integer();
        long? cacheWrite = usage.First("input_cache_creation", "cache_creation_input_tokens", "input_cache_write").Integer();
        long? reasoning = usage.First("output_reasoning_tokens", "output_reasoning", "reasoning_tokens").Integer();
        long? total = usage.First("total", "total_tokens").Integer();

        // The total tells whether the details are parts of the counts or stand beside them.
        bool areApart = total is not null
            ? total > (input ?? 0) + (output ?? 0) : usage.Get("input_cached_tokens").ValueKind == JsonValueKind.Undefined;
        if (input is not null && areApart)
            input += Positive(cacheRead) + Positive(cacheWrite);
        if (output is not null && areApart)
            output += Positive(reasoning);

        counts.Input ??= input ?? usage.First("prompt_tokens", "input_tokens", "promptTokens").Integer();
        counts.Output ??= output ?? usage.First("completion_tokens", "output_tokens", "completionTokens").Integer();
        counts.CacheRead ??= cacheRead ?? usage.First("prompt_tokens_details", "input_tokens_details").Get("cached_tokens").Integer();
        counts.CacheWrite ??= cacheWrite;
        counts.Reasoning ??= reasoning
            ?? usage.First("completion_tokens_details", "output_tokens_details").Get("reasoning_tokens").Integer();
        counts.Total ??= total;
    }

    private static void SetCost(ReadSpan read, JsonElement costs)
    {
        if (read.Cost is not null || !costs.IsObject())
            return;

        decimal sum = 0;
        decimal? total = null;
        foreach (JsonProperty cost in costs.EnumerateObject())
        {
            if (cost.Value.ValueKind != JsonValueKind.Number || !cost.Value.TryGetDouble(out double number)
                || SpanCosts.Amount(number) is not { } amount)
            {
                continue;
            }

            if (cost.Name == "total")
            {
                total = amount;
                continue;
            }

            sum += amount;
            read.CostParts.Add(new ReadField(cost.Name, amount.ToString(CultureInfo.InvariantCulture)));
        }

        if ((total ?? (read.CostParts.Count > 0 ? sum : null)) is { } known)
            (read.Cost, read.CostSource) = (known, CostSource.Reported);
    }

    private static long Positive(long? count) => Math.Clamp(count ?? 0, 0, Pricing.TokenUsage.MaxCount);
}
