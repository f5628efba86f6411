namespace PandaProbe.Pricing;

/// <summary>Holds the prices from a day on, or between two times of each day, in UTC. If neither is given, they always hold.</summary>
internal sealed record PricePeriod(DateOnly? From, TimeOnly? StartOfDay, TimeOnly? EndOfDay, TokenRates Rates)
{
    internal bool Holds(DateTime utc)
    {
        if (From is { } from)
            return DateOnly.FromDateTime(utc) >= from;
        if (StartOfDay is not { } start || EndOfDay is not { } end)
            return true;

        var time = TimeOnly.FromDateTime(utc);
        return start <= end ? time >= start && time < end : time >= start || time < end;
    }
}
