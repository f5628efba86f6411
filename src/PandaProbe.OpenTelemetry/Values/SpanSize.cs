using System.Diagnostics;

namespace PandaProbe.Values;

/// <summary>Estimates the memory of an ended span from the lengths of its texts, without serialising any.</summary>
internal static class SpanSize
{
    // An activity with its identifiers and a dozen short tags, measured on 64 bits.
    private const int Overhead = 1024;

    public static long Of(Activity span)
    {
        long bytes = Overhead + TextOf(span.StatusDescription);
        foreach (ref readonly KeyValuePair<string, object?> tag in span.EnumerateTagObjects())
            bytes += Of(tag.Value);
        foreach (ref readonly ActivityEvent recorded in span.EnumerateEvents())
        {
            foreach (ref readonly KeyValuePair<string, object?> tag in recorded.EnumerateTagObjects())
                bytes += Of(tag.Value);
        }

        return bytes;
    }

    private static long Of(object? value)
    {
        switch (value)
        {
            case string text:
                return TextOf(text);
            case ContentValue content:
                return content.Length * sizeof(char);
            case byte[] bytes:
                return bytes.Length;
            case string?[] texts:
                long sum = 0;
                foreach (string? text in texts)
                    sum += TextOf(text);
                return sum;
            case Array array:
                return array.Length * (long)sizeof(double);
            default:
                return 0;
        }
    }

    private static long TextOf(string? text) => (text?.Length ?? 0) * (long)sizeof(char);
}
