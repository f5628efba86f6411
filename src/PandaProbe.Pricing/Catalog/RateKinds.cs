namespace PandaProbe.Pricing;

internal static class RateKinds
{
    public static readonly RateKind[] All = Enum.GetValues<RateKind>();
}
