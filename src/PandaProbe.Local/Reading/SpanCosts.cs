using System.Globalization;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Trace.V1;
using PandaProbe.Pricing;

namespace PandaProbe.Local.Reading;

/// <summary>What calls cost.</summary>
internal static class SpanCosts
{
    // 10^12 dollars is more than any call can cost, and the sum of such amounts fits a decimal.
    private const double Largest = 1e12;

    /// <summary>Returns an amount in US dollars; <see langword="null"/> when the value is none.</summary>
    public static decimal? Amount(AnyValue? value) => value is null ? null : Amount(value.Number());

    public static decimal? Amount(double? value) => value is >= 0 and <= Largest ? (decimal)value.Value : null;

    /// <summary>Computes the cost of a call whose span has none from its tokens.</summary>
    public static void Estimate(Span span, ReadSpan read)
    {
        if (read.Cost is not null || !read.Kind.IsCall() || read.UsageIsSum || read.Usage.IsEmpty)
            return;

        DateTimeOffset at = SpanTimes.Start(span);
        if (!TryPrice(read, read.ResponseModel, at, out Cost cost) && !TryPrice(read, read.RequestModel, at, out cost))
            return;

        read.Cost = cost.Total;
        read.CostSource = CostSource.Estimated;
        AddPart(read, "input", cost.Input);
        AddPart(read, "output", cost.Output);
        AddPart(read, "cache_read", cost.CacheRead);
        AddPart(read, "cache_write", cost.CacheWrite);
    }

    private static bool TryPrice(ReadSpan read, string? model, DateTimeOffset at, out Cost cost)
    {
        cost = default;
        return model is not null && PriceBook.Default.TryGetCost(read.Provider, model, read.Usage, at, out cost);
    }

    private static void AddPart(ReadSpan read, string name, decimal amount)
    {
        if (amount != 0)
            read.CostParts.Add(new ReadField(name, amount.ToString(CultureInfo.InvariantCulture)));
    }
}
