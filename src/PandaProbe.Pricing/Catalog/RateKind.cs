namespace PandaProbe.Pricing;

/// <summary>Lists the kinds of prices. The numbers are part of the embedded price book's format.</summary>
internal enum RateKind : byte
{
    Input = 0,
    Output = 1,
    CacheRead = 2,
    CacheWrite = 3,
    CacheWriteOneHour = 4,
    AudioInput = 5,
    AudioOutput = 6,
    AudioCacheRead = 7,
    ImageInput = 8,
    ImageOutput = 9,
    Request = 10,
    WebSearch = 11,
}
