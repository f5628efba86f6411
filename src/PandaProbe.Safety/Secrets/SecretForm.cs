namespace PandaProbe.Safety.Secrets;

/// <summary>The form of one kind of secret: what it begins with, and how many characters of which alphabet follow.</summary>
/// <param name="Vendor">Who gives it out.</param>
/// <param name="Prefix">What it begins with.</param>
/// <param name="Tail">What follows, as parts of an alphabet and a count, for example <c>n22.n43</c>.</param>
/// <param name="HasChecksum">Whether its last six characters are GitHub's CRC-32 in base 62.</param>
internal sealed record SecretForm(string Vendor, string Prefix, SecretPart[] Tail, bool HasChecksum)
{
    public const int HeadLength = 4;

    /// <summary>Gets the first four characters of the prefix, and which bits of a token's are compared with them.</summary>
    public (ulong Head, ulong Mask) Start { get; } =
        (HeadOf(Prefix), Prefix.Length >= HeadLength ? ulong.MaxValue : (1UL << (16 * Prefix.Length)) - 1);

    /// <summary>The first four characters of a text, the first in the lowest bits.</summary>
    public static ulong HeadOf(ReadOnlySpan<char> text)
    {
        if (text.Length >= HeadLength)
        {
            return text[0] | ((ulong)text[1] << 16) | ((ulong)text[2] << 32) | ((ulong)text[3] << 48);
        }

        ulong head = 0;
        for (int i = text.Length - 1; i >= 0; i--)
        {
            head = (head << 16) | text[i];
        }

        return head;
    }
}
