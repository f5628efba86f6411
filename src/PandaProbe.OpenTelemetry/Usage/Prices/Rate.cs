namespace PandaProbe.Usage;

/// <summary>The price of one kind of token, per million, or of a thousand requests; with what it becomes for long requests.</summary>
/// <param name="Base">The price until the first tier.</param>
/// <param name="Tiers">Sorted by where they start.</param>
internal sealed record Rate(decimal Base, RateTier[] Tiers)
{
    /// <summary>
    /// The price that <em>every</em> token of a request with that much input pays: crossing into a tier changes the whole request.
    /// </summary>
    internal decimal At(long inputTokens)
    {
        var price = Base;
        foreach (var tier in Tiers)
        {
            if (inputTokens <= tier.Start)
                break;
            price = tier.Price;
        }

        return price;
    }

    /// <summary>What so many tokens of a request cost.</summary>
    internal decimal Charge(long tokens, long inputTokens) => DivideByMillion(At(inputTokens) * tokens);

    // The same as dividing, zeros at the end left out; but dividing decimals takes longer than all the rest of finding a cost.
    private static decimal DivideByMillion(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var scale = ((bits[3] >> 16) & 0xFF) + 6;
        if (bits[2] != 0 || scale > 28)
            return value / 1_000_000;

        var digits = ((ulong)(uint)bits[1] << 32) | (uint)bits[0];
        if (digits == 0)
            return 0;
        while (scale > 0 && digits % 10 == 0)
        {
            digits /= 10;
            scale--;
        }

        return new decimal((int)digits, (int)(digits >> 32), 0, isNegative: false, (byte)scale);
    }
}
