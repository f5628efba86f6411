namespace PandaProbe.Safety.Secrets;

/// <summary>A run of characters of an alphabet, or one literal character.</summary>
internal readonly record struct SecretPart(char Alphabet, int Least, int Most)
{
    /// <summary>h: hexadecimal, l: lower-case letters and digits, u: upper-case letters and digits, n: letters and digits, d: digits, a:
    /// letters, w: n with _ and -, b: Base64, t: Base32, x: w with . and =, anything else: itself.</summary>
    public const string Alphabets = "hlundawbtx";

    // A bit for each alphabet that has the character.
    private static readonly ushort[] AlphabetsOf = [.. Enumerable.Range(0, 128).Select(static c => BitsOf((char)c))];

    /// <summary>Gets the position in <see cref="Alphabets"/>; -1 for a literal.</summary>
    public int Index { get; } = Alphabets.IndexOf(Alphabet, StringComparison.Ordinal);

    public bool Has(char c) => Index < 0 ? c == Alphabet : c < 128 && (AlphabetsOf[c] & (1 << Index)) != 0;

    private static ushort BitsOf(char c)
    {
        int bits = 0;
        for (int i = 0; i < Alphabets.Length; i++)
        {
            bits |= IsIn(Alphabets[i], c) ? 1 << i : 0;
        }

        return (ushort)bits;
    }

    private static bool IsIn(char alphabet, char c) => alphabet switch
    {
        'h' => char.IsAsciiHexDigit(c),
        'l' => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c),
        'u' => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c),
        'n' => char.IsAsciiLetterOrDigit(c),
        'd' => char.IsAsciiDigit(c),
        'a' => char.IsAsciiLetter(c),
        'w' => char.IsAsciiLetterOrDigit(c) || c is '_' or '-',
        'b' => char.IsAsciiLetterOrDigit(c) || c is '+' or '/' or '=' or '_' or '-',
        't' => char.IsAsciiLetterUpper(c) || c is >= '2' and <= '7',
        _ => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '=',
    };
}
