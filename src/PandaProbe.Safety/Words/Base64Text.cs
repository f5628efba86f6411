namespace PandaProbe.Safety.Words;

/// <summary>Decodes Base64 of both alphabets, padded or not.</summary>
internal static class Base64Text
{
    private static readonly sbyte[] Values = Table();

    public static bool IsBase64(char c) => c < 128 && Values[c] >= 0;

    /// <summary>Gives how many bytes the text is, -1 when it is no Base64; at most as many as fit.</summary>
    public static int Decode(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        int count = 0, at = 0;
        for (; at + 4 <= text.Length && count + 3 <= bytes.Length; at += 4)
        {
            if ((text[at] | text[at + 1] | text[at + 2] | text[at + 3]) > 127)
            {
                return -1;
            }

            int value = (Values[text[at]] << 18) | (Values[text[at + 1]] << 12) | (Values[text[at + 2]] << 6) | (int)Values[text[at + 3]];
            if (value < 0)
            {
                return -1;
            }

            bytes[count] = (byte)(value >> 16);
            bytes[count + 1] = (byte)(value >> 8);
            bytes[count + 2] = (byte)value;
            count += 3;
        }

        int rest = text.Length - at;
        if (rest is 2 or 3 && count + 2 <= bytes.Length)
        {
            int value = 0;
            for (int i = at; i < text.Length; i++)
            {
                if (!IsBase64(text[i]))
                {
                    return -1;
                }

                value = (value << 6) | (int)Values[text[i]];
            }

            value <<= rest == 2 ? 12 : 6;
            bytes[count++] = (byte)(value >> 16);
            if (rest == 3)
            {
                bytes[count++] = (byte)(value >> 8);
            }
        }

        return count;
    }

    private static sbyte[] Table()
    {
        sbyte[] values = new sbyte[128];
        values.AsSpan().Fill(-1);
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for (int i = 0; i < Alphabet.Length; i++)
        {
            values[Alphabet[i]] = (sbyte)i;
        }

        (values['-'], values['_']) = (62, 63);
        return values;
    }
}
