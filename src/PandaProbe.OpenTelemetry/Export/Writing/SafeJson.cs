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
    /// <param name="field">The property that the value belongs to; <see langword="null"/> for an object with several.</param>
    /// <exception cref="InvalidOperationException">It cannot be made safe. The message contains nothing of it.</exception>
    public static ReadOnlySpan<byte> Mask(
        SensitiveScanner? scanner, ReadOnlySpan<byte> json, SafetyFindings? findings = null, bool open = false,
        string? field = null)
    {
        if (scanner is null)
            return json;

        string text = Encoding.UTF8.GetString(json);
        text = open ? text + "}" : text;
        MaskedText masked = scanner.Mask(text);
        if (masked.Outcome == SafetyOutcome.Clean)
            return json;

        findings?.Add(scanner, masked, position => field ?? PropertyAt(text, position));
        if (ReferenceEquals(masked.Text, text))
            return json;

        // A value that cannot be made safe is withheld within the document. Only JSON that cannot be read is withheld as a whole.
        if (masked.Outcome == SafetyOutcome.Withheld && masked.Text[0] != text[0])
            throw new InvalidOperationException($"What was written cannot be masked ({masked.Reason}).");
        byte[] bytes = Encoding.UTF8.GetBytes(masked.Text);
        return open ? bytes.AsSpan(..^1) : bytes;
    }

    /// <param name="scanners">What to mask; null masks nothing.</param>
    /// <param name="kind">The kind of the span; <see langword="null"/> when it has none.</param>
    /// <param name="json">An object.</param>
    /// <param name="findings">Takes what is found.</param>
    /// <param name="open">Whether it still lacks its end.</param>
    /// <param name="prefix">What stands before the names of its fields in rules.</param>
    /// <exception cref="InvalidOperationException">It cannot be made safe.</exception>
    public static ReadOnlySpan<byte> MaskObject(
        FieldScanners? scanners, string? kind, ReadOnlySpan<byte> json, SafetyFindings findings, bool open = false, string prefix = "")
    {
        if (scanners is not { ByField: true })
            return Mask(scanners?.Widest, json, findings, open);

        byte[] masked = SafeFields.Mask(scanners, kind, open ? [.. json, (byte)'}'] : json.ToArray(), findings, prefix);
        return open ? masked.AsSpan(..^1) : masked;
    }

    /// <summary>Masks text that is no JSON.</summary>
    public static string Text(SensitiveScanner? scanner, string text, string? property = null, SafetyFindings? findings = null)
    {
        if (scanner is null)
            return text;

        MaskedText masked = scanner.Mask(text, property);
        if (masked.Outcome != SafetyOutcome.Clean)
            findings?.Add(scanner, masked, _ => property ?? "name");
        return masked.Text;
    }

    /// <summary>Returns the property of the outermost object in which a position is.</summary>
    private static string PropertyAt(string json, int position)
    {
        int depth = 0;
        (int Start, int End) property = (0, 0);
        for (int i = 0; i < position; i++)
        {
            switch (json[i])
            {
                case '{' or '[':
                    depth++;
                    break;
                case '}' or ']':
                    depth--;
                    break;
                case '"':
                    int start = ++i;
                    while (i < json.Length && json[i] != '"')
                        i += json[i] == '\\' ? 2 : 1;
                    if (depth == 1 && i + 1 < json.Length && json[i + 1] == ':')
                        property = (start, i);
                    break;
            }
        }

        return json[property.Start..property.End];
    }
}
