using System.Buffers;

namespace PandaProbe.Export.Writing;

/// <summary>
/// Walks over JSON text, checking it on the way, without making objects of it: long strings are skipped by vectorised search.
/// Positions are indexes into the text; -1 says that the text is not JSON.
/// </summary>
internal readonly ref struct JsonScanner(ReadOnlySpan<char> text)
{
    // As deep as the receiving end is known to go with ease.
    private const int MaxDepth = 200;
    private const int ShortString = 16;

    private static readonly SearchValues<char> StringEnd = SearchValues.Create(
        "\"\\\0\u0001\u0002\u0003\u0004\u0005\u0006\a\b\t\n\v\f\r\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f");

    private readonly ReadOnlySpan<char> _text = text;

    public static bool IsJson(ReadOnlySpan<char> text)
    {
        JsonScanner scanner = new(text);
        int end = scanner.SkipValue(scanner.SkipSpace(0));
        return end >= 0 && scanner.SkipSpace(end) == text.Length;
    }

    public int SkipSpace(int at)
    {
        while ((uint)at < (uint)_text.Length && _text[at] is ' ' or '\n' or '\r' or '\t')
            at++;
        return at;
    }

    public char At(int at) => (uint)at < (uint)_text.Length ? _text[at] : '\0';

    /// <summary>The position after the value that starts at <paramref name="at"/>.</summary>
    public int SkipValue(int at, int depth = 0)
    {
        switch (At(at))
        {
            case '"':
                return SkipString(at);
            case '{':
                return depth < MaxDepth ? SkipObject(at, depth + 1) : -1;
            case '[':
                return depth < MaxDepth ? SkipArray(at, depth + 1) : -1;
            case 't':
                return SkipWord(at, "true");
            case 'f':
                return SkipWord(at, "false");
            case 'n':
                return SkipWord(at, "null");
            default:
                return SkipNumber(at);
        }
    }

    public int SkipString(int at)
    {
        if (At(at) != '"')
            return -1;

        at++;

        // Names and roles are short: the search pays for itself only beyond them.
        int near = Math.Min(at + ShortString, _text.Length);
        for (int i = at; i < near && _text[i] is not ('\\' or < ' '); i++)
        {
            if (_text[i] == '"')
                return i + 1;
        }

        while (true)
        {
            int found = _text[at..].IndexOfAny(StringEnd);
            if (found < 0)
                return -1;

            at += found;
            if (_text[at] == '"')
                return at + 1;
            if (_text[at] != '\\')
                return -1;

            switch (At(at + 1))
            {
                case '"' or '\\' or '/' or 'b' or 'f' or 'n' or 'r' or 't':
                    at += 2;
                    break;
                case 'u' when at + 6 <= _text.Length && IsHex(_text.Slice(at + 2, 4)):
                    at += 6;
                    break;
                default:
                    return -1;
            }
        }
    }

    /// <summary>From the start of an object, or from behind one of its values, to the next name; at the end of the object <paramref name="name"/> is empty.</summary>
    public int NextProperty(int at, bool first, out Range name)
    {
        name = default;
        at = SkipSpace(first ? at + 1 : at);
        if (At(at) == '}')
            return at + 1;

        if (!first)
        {
            if (At(at) != ',')
                return -1;
            at = SkipSpace(at + 1);
        }

        int end = SkipString(at);
        if (end < 0)
            return -1;

        name = (at + 1)..(end - 1);
        at = SkipSpace(end);
        return At(at) == ':' ? SkipSpace(at + 1) : -1;
    }

    /// <summary>From the start of an array, or from behind one of its values, to the next value; false at the end of the array.</summary>
    public bool NextItem(ref int at, bool first)
    {
        at = SkipSpace(first ? at + 1 : at);
        if (At(at) == ']')
        {
            at++;
            return false;
        }

        if (!first)
        {
            if (At(at) != ',')
            {
                at = -1;
                return false;
            }

            at = SkipSpace(at + 1);
        }

        return true;
    }

    private int SkipObject(int at, int depth)
    {
        for (bool first = true; ; first = false)
        {
            at = NextProperty(at, first, out Range name);
            if (at < 0 || name.Equals(default))
                return at;

            at = SkipValue(at, depth);
            if (at < 0)
                return -1;
        }
    }

    private int SkipArray(int at, int depth)
    {
        for (bool first = true; NextItem(ref at, first); first = false)
        {
            at = SkipValue(at, depth);
            if (at < 0)
                return -1;
        }

        return at;
    }

    private int SkipWord(int at, string word) => _text[at..].StartsWith(word, StringComparison.Ordinal) ? at + word.Length : -1;

    private int SkipNumber(int at)
    {
        if (At(at) == '-')
            at++;
        if (At(at) == '0')
            at++;
        else if (!SkipDigits(ref at))
            return -1;

        if (At(at) == '.')
        {
            at++;
            if (!SkipDigits(ref at))
                return -1;
        }

        if (At(at) is 'e' or 'E')
        {
            at++;
            if (At(at) is '+' or '-')
                at++;
            if (!SkipDigits(ref at))
                return -1;
        }

        return at;
    }

    private bool SkipDigits(ref int at)
    {
        int start = at;
        while (char.IsAsciiDigit(At(at)))
            at++;
        return at > start;
    }

    private static bool IsHex(ReadOnlySpan<char> text)
    {
        foreach (char letter in text)
        {
            if (!char.IsAsciiHexDigit(letter))
                return false;
        }

        return true;
    }
}
