namespace PandaProbe.Pricing;

/// <summary>Holds all prices of a model at one time, and computes costs from usage.</summary>
internal sealed class TokenRates
{
    private readonly Rate?[] _rates = new Rate?[RateKinds.All.Length];

    internal TokenRates(ReadOnlySpan<KeyValuePair<RateKind, Rate>> rates)
    {
        foreach ((RateKind kind, Rate? rate) in rates)
            _rates[(int)kind] = rate;
    }

    internal Rate? this[RateKind kind] => _rates[(int)kind];

    internal bool TryGetCost(in TokenUsage usage, string version, out Cost cost)
    {
        Rate? inputRate = this[RateKind.Input];
        Rate? outputRate = this[RateKind.Output];
        Rate? readRate = this[RateKind.CacheRead] ?? inputRate;
        Rate? writeRate = this[RateKind.CacheWrite] ?? inputRate;
        Rate? oneHourRate = this[RateKind.CacheWriteOneHour] ?? writeRate;
        Rate? audioRate = this[RateKind.AudioInput];
        Rate? request = this[RateKind.Request];

        // If only the input or only the output is known, a price for the other direction is not enough.
        bool isPriced = (usage.Input is not null && (inputRate ?? readRate ?? writeRate ?? audioRate) is not null)
            || (usage.Output is not null && (outputRate ?? this[RateKind.AudioOutput] ?? this[RateKind.ImageOutput]) is not null)
            || (request is not null && !usage.IsEmpty);
        if (!isPriced)
        {
            cost = default;
            return false;
        }

        long input = usage.Input ?? 0;
        long read = usage.CacheRead ?? 0;
        long write = usage.CacheWrite ?? 0;
        long writeOneHour = usage.CacheWriteOneHour ?? 0;
        long audio = usage.AudioInput ?? 0;
        long image = usage.ImageInput ?? 0;

        // Each input token is counted exactly once. Audio or image tokens beyond the uncached input must be part of the cached tokens.
        long fresh = input - read - write;
        long audioRead = Math.Max(usage.AudioCacheRead ?? 0, Math.Min(Math.Min(audio, read), audio + image - fresh));
        long audioFresh = Math.Min(audio - audioRead, fresh);
        long imageFresh = Math.Min(image, fresh - audioFresh);
        long textFresh = fresh - audioFresh - imageFresh;

        long audioOutput = usage.AudioOutput ?? 0;
        long imageOutput = usage.ImageOutput ?? 0;
        long textOutput = (usage.Output ?? 0) - audioOutput - imageOutput;

        bool hasAudioRate = audioRate is not null;
        bool hasImageRate = this[RateKind.ImageInput] is not null;
        bool hasAudioOutputRate = this[RateKind.AudioOutput] is not null;
        bool hasImageOutputRate = this[RateKind.ImageOutput] is not null;

        // Cached audio without a price of its own is charged as cached input. If that has no price either, it is charged as audio.
        Rate? audioReadRate = this[RateKind.AudioCacheRead] ?? this[RateKind.CacheRead];
        if (audioReadRate is null)
        {
            audioReadRate = inputRate;
            if (hasAudioRate)
            {
                audioFresh += audioRead;
                read -= audioRead;
                audioRead = 0;
            }
        }

        long textInput = textFresh + (hasAudioRate ? 0 : audioFresh) + (hasImageRate ? 0 : imageFresh);
        long text = textOutput + (hasAudioOutputRate ? 0 : audioOutput) + (hasImageOutputRate ? 0 : imageOutput);
        decimal total = request is null ? 0 : request.At(input) / 1000;
        cost = new Cost
        {
            Request = total,
            Input = Charge(inputRate, textInput, input, ref total),
            CacheRead = Charge(readRate, read - audioRead, input, ref total) + Charge(audioReadRate, audioRead, input, ref total),
            CacheWrite = Charge(writeRate, write - writeOneHour, input, ref total) + Charge(oneHourRate, writeOneHour, input, ref total),
            AudioInput = Charge(audioRate, audioFresh, input, ref total),
            ImageInput = Charge(this[RateKind.ImageInput], imageFresh, input, ref total),
            Output = Charge(outputRate, text, input, ref total),
            AudioOutput = Charge(this[RateKind.AudioOutput], audioOutput, input, ref total),
            ImageOutput = Charge(this[RateKind.ImageOutput], imageOutput, input, ref total),
            Total = total,
            PriceVersion = version,
        };
        return true;
    }

    private static decimal Charge(Rate? rate, long tokens, long inputTokens, ref decimal total)
    {
        if (rate is null || tokens <= 0)
            return 0;
        decimal charge = rate.Charge(tokens, inputTokens);
        total += charge;
        return charge;
    }
}
