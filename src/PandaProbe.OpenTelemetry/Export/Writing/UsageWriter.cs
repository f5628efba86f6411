using PandaProbe.Values;

namespace PandaProbe.Export.Writing;

/// <summary>Writes tokens and cost. What PandaProbe cannot take is refused with a note; other backends get it all the same.</summary>
internal static class UsageWriter
{
    // PandaProbe adds prompt and completion in 32 bits, and from the first sum beyond them the trace list of the whole project fails.
    private const long LargestSum = int.MaxValue;

    public static void WriteUsage(FieldWriter writer, bool aggregate)
    {
        SpanFields fields = writer.Fields;
        bool hasPrompt = TryCount(fields, "prompt_tokens", fields.PromptTokens, out long prompt);
        bool hasCompletion = TryCount(fields, "completion_tokens", fields.CompletionTokens, out long completion);
        if (aggregate)
        {
            // The server sums over all spans: what only sums up the spans below stays out of the sum.
            if (hasPrompt)
                fields.Note("aggregate_prompt_tokens", prompt);
            if (hasCompletion)
                fields.Note("aggregate_completion_tokens", completion);
            return;
        }

        List<KeyValuePair<string, long>> usage = [];
        if (prompt + completion > LargestSum)
        {
            // The larger one is what makes the sum too large; with two of them, both are.
            Refuse(ref hasPrompt, "prompt_tokens", prompt, prompt >= completion || prompt > LargestSum);
            Refuse(ref hasCompletion, "completion_tokens", completion, completion > prompt || completion > LargestSum);
        }

        if (hasPrompt)
            usage.Add(new("prompt_tokens", prompt));
        if (hasCompletion)
            usage.Add(new("completion_tokens", completion));
        if (hasPrompt && hasCompletion)
            usage.Add(new("total_tokens", prompt + completion));
        Add("cache_read_tokens", fields.CacheRead);
        Add("cache_creation_tokens", fields.CacheCreation);
        Add("reasoning_tokens", fields.Reasoning);
        foreach ((string? key, object? value) in fields.Usage)
        {
            if (key is not ("total_tokens" or "prompt_tokens" or "completion_tokens") && !usage.Exists(known => known.Key == key))
                Add(key, value);
        }

        if (usage.Count == 0)
            return;

        writer.Json.WriteStartObject("token_usage"u8);
        foreach ((string? key, long count) in usage)
            writer.Json.WriteNumber(key, count);
        writer.Json.WriteEndObject();

        void Add(string key, object? value)
        {
            if (TryCount(fields, key, value, out long count))
                usage.Add(new(key, count));
        }

        void Refuse(ref bool has, string key, long count, bool refused)
        {
            if (!has || !refused)
                return;

            has = false;
            fields.Note("refused." + key, count);
        }
    }

    public static void WriteCost(FieldWriter writer, bool aggregate)
    {
        SpanFields fields = writer.Fields;
        object? total = fields.CostTotal ?? fields.BridgedCost;
        if (aggregate)
        {
            if (total is not null)
                fields.Note("aggregate_cost", total);
            return;
        }

        bool any = false;
        foreach ((string? key, object? value) in fields.Cost.Prepend(new("total", total)))
        {
            if (value is null)
                continue;

            if (!TagNumber.TryNumber(value, out double number) || number < 0)
            {
                fields.Note("refused.cost." + key, value);
                continue;
            }

            if (!any)
                writer.Json.WriteStartObject("cost"u8);
            any = true;
            writer.Json.WriteNumber(key, number);
        }

        if (any)
            writer.Json.WriteEndObject();
    }

    private static bool TryCount(SpanFields fields, string name, object? value, out long count)
    {
        if (TagNumber.TryCount(value, out count))
            return true;

        count = 0;
        if (value is not null)
            fields.Note("refused." + name, value);
        return false;
    }
}
