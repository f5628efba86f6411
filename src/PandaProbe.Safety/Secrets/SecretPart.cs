namespace PandaProbe.Safety.Secrets;

/// <summary>A run of characters of an alphabet, or one literal character.</summary>
internal readonly record struct SecretPart(char Alphabet, int Least, int Most)
{
    /// <summary>h: hexadecimal, l: lower-case letters and digits, u: upper-case letters and digits, n: letters and digits, d: digits, a:
    /// letters, w: n with _ and -, b: Base64, t: Base32, x: w with . and =, anything else: itself.</summary>
    public bool Has(char c) => Alphabet switch
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
        'x' => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '=',
        _ => c == Alphabet,
    };
}
