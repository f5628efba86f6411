using System.Text;
using PandaProbe.Processing;
using PandaProbe.Safety;

namespace PandaProbe.Export.Writing;

/// <summary>
/// Masks the JSON of a trace, a span or a score: the one place that everything passes on its way to PandaProbe and to the spool.
/// </summary>
internal static class SafeJson
{
    /// <param name="scanner">What to mask; null masks nothing.</param>
    /// <param name="json">A value.</param>
    /// <param name="findings">Takes what is found.</param>
    /// <param name="open">Whether it is an object that still lacks its end.</param>
    /// <exception cref="InvalidOperationException">It cannot be made safe. The message contains nothing of it.</exception>
    public static ReadOnlySpan<byte> Mask(
        SensitiveScanner? scanner, ReadOnlySpan<byte> json, SafetyFindings? findings = null, bool open = false)
    {
        if (scanner is null)
            return json;

        string text = Encoding.UTF8.GetString(json);
        text = open ? text + "}" : text;
        MaskedText masked = scanner.Mask(text);
        if (masked.Outcome == SafetyOutcome.Clean)
            return json;

        findings?.Add(masked);
        if (ReferenceEquals(masked.Text, text))
            return json;

        // A value that cannot be made safe is withheld within the document. Only JSON that cannot be read is withheld as a whole.
        if (masked.Outcome == SafetyOutcome.Withheld && masked.Text[0] != text[0])
            throw new InvalidOperationException($"What was written cannot be masked ({masked.Reason}).");
        byte[] bytes = Encoding.UTF8.GetBytes(masked.Text);
        return open ? bytes.AsSpan(..^1) : bytes;
    }

    /// <summary>Masks text that is no JSON.</summary>
    public static string Text(SensitiveScanner? scanner, string text, string? property = null, SafetyFindings? findings = null)
    {
        if (scanner is null)
            return text;

        MaskedText masked = scanner.Mask(text, property);
        findings?.Add(masked);
        return masked.Text;
    }
}
