using System.Buffers;
using System.Numerics;

namespace PandaProbe.Safety.Secrets;

/// <summary>Tells values from what stands for a value: masks, variables, words such as "changeme".</summary>
internal static class Placeholders
{
    private static readonly string[] Words =
    [
        "password", "passwd", "pass", "pwd", "secret", "token", "key", "apikey", "api_key", "changeme", "change_me", "change-me", "example",
            "redacted", "hidden", "null", "none", "nil", "undefined", "true", "false",
        "string", "str", "text", "value", "required", "optional", "default", "test", "dummy", "placeholder", "empty", "unknown", "n/a",
            "todo", "tbd", "type", "object", "number", "boolean", "bool", "int", "any", "bytes",
        "basic", "bearer", "private", "public", "prompt", "input", "env", "user", "username", "hashed", "encrypted", "sha256", "bcrypt",
            "plain", "not set", "unset", "self", "this", "new", "await", "function", "return",
    ];

    // What holds one of these is one, too.
    private static readonly string[] Parts = ["your", "example", "xxxx", "****", "...", "placeholder"];
    private static readonly SearchValues<char> StartsOfParts = SearchValues.Create("yYeExX*.pP");

    // The beginning of "[PASSWORD r22!]".
    private static readonly SearchValues<char> MaskLetters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789-");

    private static readonly string[][] ByLength =
        [.. Enumerable.Range(0, Words.Max(word => word.Length) + 1).Select(length => Words.Where(word => word.Length == length).ToArray())];

    public static bool IsPlaceholder(ReadOnlySpan<char> value)
    {
        if (value.Length == 0 || value[0] is '$' or '{' or '<' or '[' or '%' or '@' or '(' or '*' or '&' or '#'
            || value[^1] is '>' or ']' or '}' or ')')
        {
            // "#s3cret!" and "P[a]55" are passwords, what is wrapped as a whole is not.
            return value.Length == 0 || IsWrapped(value);
        }

        if (value.IndexOfAnyExcept(value[0]) < 0 || value.IndexOfAnyExcept('*', '.', '•') < 0)
        {
            return true;
        }

        foreach (string word in value.Length < ByLength.Length ? ByLength[value.Length] : [])
        {
            if (BeginAlike(value, word) && value.Equals(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return HasPart(value);
    }

    private static bool HasPart(ReadOnlySpan<char> value)
    {
        for (int at; (at = value.IndexOfAny(StartsOfParts)) >= 0; value = value[(at + 1)..])
        {
            foreach (string part in Parts)
            {
                if (BeginAlike(value[at..], part) && value[at..].StartsWith(part, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }

    // Most differ in the first letter.
    private static bool BeginAlike(ReadOnlySpan<char> value, string word) => (value[0] | 0x20) == (word[0] | 0x20);

    private static bool IsWrapped(ReadOnlySpan<char> value) => (value[0], value[^1]) switch
    {
        ('$', _) or ('{', '}') or ('<', '>') or ('[', ']') or ('%', '%') or ('(', ')') or (_, ')') => true,
        ('[', _) => value.Length > 2 && value[1..].IndexOfAnyExcept(MaskLetters) < 0,
        ('*', _) or ('&', _) => value.IndexOfAnyExcept('*', '&') < 0,
        _ => false,
    };

    /// <summary>Whether characters vary as they do in what a generator made: enough different ones, and no run of the alphabet.</summary>
    public static bool LooksGenerated(ReadOnlySpan<char> value)
    {
        ulong signs = 0, letters = 0;
        int ascending = 0;
        for (int i = 0; i < value.Length; i++)
        {
            ulong bit = 1UL << (value[i] & 63);
            signs |= value[i] < 64 ? bit : 0;
            letters |= value[i] is >= (char)64 and < (char)128 ? bit : 0;
            ascending += i > 0 && value[i] - value[i - 1] is 1 or 0 ? 1 : 0;
        }

        int different = BitOperations.PopCount(signs) + BitOperations.PopCount(letters);
        return different >= Math.Min(10, (value.Length / 3) + 2) && ascending * 2 < value.Length;
    }

    /// <summary>Whether a value is a random key and not words, a path, a name or code.</summary>
    public static bool LooksRandom(ReadOnlySpan<char> value)
    {
        int digits = 0, lower = 0, upper = 0, inWords = 0, segmentStart = 0;
        for (int i = 0; i <= value.Length; i++)
        {
            char c = i < value.Length ? value[i] : '.';
            digits += char.IsAsciiDigit(c) ? 1 : 0;
            lower += char.IsAsciiLetterLower(c) ? 1 : 0;
            upper += char.IsAsciiLetterUpper(c) ? 1 : 0;
            if (c is '-' or '_' or '.' or '/' or ':' or ' ' || i == value.Length)
            {
                inWords += IsWord(value[segmentStart..i]) ? i - segmentStart : 0;
                segmentStart = i + 1;
            }
        }

        bool mixed = digits > 0 ? (lower > 0 || upper > 0) : lower > 3 && upper > 3 && value.Length >= 24;
        return mixed && inWords * 3 < value.Length && LooksGenerated(value) && !(digits < 3 && inWords > 3);
    }

    // Letters of one case, but perhaps the first, with at least three of them.
    private static bool IsWord(ReadOnlySpan<char> segment)
    {
        if (segment.Length < 3)
        {
            return false;
        }

        bool lower = true, upper = true;
        foreach (char c in segment[1..])
        {
            lower &= char.IsAsciiLetterLower(c);
            upper &= char.IsAsciiLetterUpper(c);
        }

        return char.IsAsciiLetter(segment[0]) && (lower || upper);
    }
}
