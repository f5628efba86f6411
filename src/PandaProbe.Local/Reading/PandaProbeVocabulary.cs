using System.Globalization;
using OpenTelemetry.Proto.Common.V1;

namespace PandaProbe.Local.Reading;

/// <summary>Reads what PandaProbe's own libraries add to the conventions: <c>pandaprobe.*</c>.</summary>
internal static class PandaProbeVocabulary
{
    public const string Name = "pandaprobe";

    private const string Prefix = "pandaprobe.";
    private const string Usage = "pandaprobe.usage.";
    private const string Cost = "pandaprobe.cost.";
    private const string Metadata = "pandaprobe.metadata.";
    private const string Parameters = "pandaprobe.model_parameters.";

    public static bool Speaks(SpanFields fields) => fields.HasUnder(Prefix);

    public static void Read(SpanFields fields, ReadSpan read)
    {
        read.KindFound ??= StepKinds.FromName(fields.Text("pandaprobe.span.kind"));
        read.IsPending |= fields.Flag("pandaprobe.span.pending") == true;
        read.TraceStatus = fields.TextOr(read.TraceStatus, "pandaprobe.trace.status");
        read.TokenCountMethod = fields.TextOr(read.TokenCountMethod, "pandaprobe.token_count_method");
        read.RetryCount = fields.IntegerOr(read.RetryCount, "pandaprobe.retry_count");
        SetFirstChunk(fields, read);
        SetCost(fields, read);
        foreach ((string key, AnyValue value) in fields.Under(Usage))
            SetCount(read, key, value);
        foreach ((string key, AnyValue value) in fields.Under(Parameters))
            read.Parameters.Add(new ReadField(key, value.ToField()));
        foreach ((string key, AnyValue value) in fields.Under(Metadata))
            read.Metadata.Add(new ReadField(key, value.ToField()));
    }

    private static void SetFirstChunk(SpanFields fields, ReadSpan read)
    {
        if (fields.Text("pandaprobe.completion_start_time") is { } text && read.TimeToFirstChunk is null)
            read.TimeToFirstChunk = SpanTimes.SinceStart(fields.Span, text);
    }

    private static void SetCost(SpanFields fields, ReadSpan read)
    {
        string? source = fields.Text("pandaprobe.cost.source");
        fields.Value("pandaprobe.cost.price_version");
        if (SpanCosts.Amount(fields.Value("pandaprobe.cost.total")) is { } total && read.Cost is null)
        {
            read.Cost = total;
            read.CostSource = source == "price_book" ? CostSource.PriceBook : CostSource.Reported;
        }

        foreach ((string key, AnyValue value) in fields.Under(Cost))
        {
            if (key is not ("total" or "source" or "price_version") && SpanCosts.Amount(value) is { } part)
                read.CostParts.Add(new ReadField(key, part.ToString(CultureInfo.InvariantCulture)));
        }
    }

    private static void SetCount(ReadSpan read, string key, AnyValue value)
    {
        long? count = value.Integer();
        switch (key)
        {
            case "cache_creation_1h_tokens":
                read.Counts.CacheWriteOneHour ??= count;
                break;
            case "audio_input_tokens":
                read.Counts.AudioInput ??= count;
                break;
            case "audio_output_tokens":
                read.Counts.AudioOutput ??= count;
                break;
            case "audio_cache_read_tokens":
                read.Counts.AudioCacheRead ??= count;
                break;
            case "image_input_tokens":
                read.Counts.ImageInput ??= count;
                break;
            case "image_output_tokens":
                read.Counts.ImageOutput ??= count;
                break;
            default:
                read.OtherUsage.Add(new ReadField(key, value.ToField()));
                break;
        }
    }
}
