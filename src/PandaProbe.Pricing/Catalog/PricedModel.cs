namespace PandaProbe.Pricing;

/// <summary>Holds a model's pattern and its prices over time.</summary>
internal sealed record PricedModel(string Id, ModelPattern Pattern, PricePeriod[] Periods, string Version)
{
    /// <summary>
    /// Gets whether the model has no price before its first day, so that another entry can price earlier calls. The price book's first
    /// prices hold for all earlier calls.
    /// </summary>
    internal bool LeavesThePast { get; init; }

    internal TokenRates? RatesAt(DateTime utc)
    {
        for (int i = Periods.Length - 1; i >= 0; i--)
        {
            if (Periods[i].Holds(utc))
                return Periods[i].Rates;
        }

        return LeavesThePast || Periods.Length == 0 ? null : Periods[0].Rates;
    }
}
