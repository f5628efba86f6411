namespace PandaProbe.Usage;

internal static class RateKinds
{
    internal static readonly RateKind[] All = Enum.GetValues<RateKind>();

    internal static decimal? Of(this RateKind kind, TokenPrices prices) => kind switch
    {
        RateKind.Input => prices.Input,
        RateKind.Output => prices.Output,
        RateKind.CacheRead => prices.CacheRead,
        RateKind.CacheWrite => prices.CacheWrite,
        RateKind.CacheWriteOneHour => prices.CacheWriteOneHour,
        RateKind.AudioInput => prices.AudioInput,
        RateKind.AudioOutput => prices.AudioOutput,
        RateKind.AudioCacheRead => prices.AudioCacheRead,
        RateKind.ImageInput => prices.ImageInput,
        RateKind.ImageOutput => prices.ImageOutput,
        _ => null,
    };
}
