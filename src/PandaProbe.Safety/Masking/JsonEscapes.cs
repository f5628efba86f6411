using System.Globalization;
using System.Text;

namespace PandaProbe.Safety.Masking;

/// <summary>Escapes of strings in JSON.</summary>
internal static class JsonEscapes
{
    /// <summary>Writes the text without escapes. Gives how many characters it has.</summary>
    public static int Unescape(ReadOnlySpan<char> escaped, Span<char> text)
    {
        int count = 0;
        for (int i = 0; i < escaped.Length; i++)
        {
            char c = escaped[i];
            if (c == '\\')
            {
                c = escaped[++i];
                if (c == 'u')
                {
                    c = (char)ushort.Parse(escaped.Slice(i + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                    i += 4;
                }
                else
                {
                    c = c switch { 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', _ => c };
                }
            }

            text[count++] = c;
        }

        return count;
    }

    public static void Append(StringBuilder json, ReadOnlySpan<char> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            switch (c)
            {
                case '"' or '\\':
                    json.Append('\\').Append(c);
                    break;
                case '\n':
                    json.Append("\\n");
                    break;
                case '\r':
                    json.Append("\\r");
                    break;
                case '\t':
                    json.Append("\\t");
                    break;
                default:
                    bool pair = char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
                    if (pair)
                    {
                        json.Append(c).Append(text[++i]);
                    }
                    else if (c < ' ' || char.IsSurrogate(c))
                    {
                        json.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
                    }
                    else
                    {
                        json.Append(c);
                    }

                    break;
            }
        }
    }
}
