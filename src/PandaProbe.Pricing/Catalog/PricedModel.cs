namespace PandaProbe.Pricing;

/// <summary>A model, how it is recognised, and its prices over time.</summary>
internal sealed record PricedModel(string Id, ModelPattern Pattern, PricePeriod[] Periods, string Version)
{
    /// <summary>
    /// Prices that begin with a day leave the time before it to whoever else has a price. The price book's first prices hold for all time
    /// before.
    /// </summary>
    internal bool LeavesThePast { get; init; }

    internal TokenRates? RatesAt(DateTime utc)
    {
        for (var i = Periods.Length - 1; i >= 0; i--)
        {
            if (Periods[i].Holds(utc))
                return Periods[i].Rates;
        }

        return LeavesThePast || Periods.Length == 0 ? null : Periods[0].Rates;
    }
}
