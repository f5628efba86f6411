namespace PandaProbe.Safety;

/// <summary>Finds out where a sensitive value of a trace came from and where it went, by the hashes of equal values.</summary>
public static class ValueLineage
{
    /// <summary>Finds the values that two or more spans have.</summary>
    /// <param name="texts">The texts of a trace, in the order of time.</param>
    /// <param name="scanner">What to look for. Its options need a <see cref="SafetyOptions.HashKey"/>.</param>
    /// <returns>The values, in the order in which they appeared.</returns>
    /// <exception cref="ArgumentException">The scanner has no key.</exception>
    /// <exception cref="TimeoutException">The scan of a text took longer than <see cref="SafetyOptions.MaxTime"/>.</exception>
    public static IReadOnlyList<SharedValue> Find(IEnumerable<SpanText> texts, SensitiveScanner scanner)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentNullException.ThrowIfNull(scanner);
        if (!scanner.Replacements.CanHash)
        {
            throw new ArgumentException($"The scanner needs {nameof(SafetyOptions)}.{nameof(SafetyOptions.HashKey)}.", nameof(scanner));
        }

        Dictionary<string, (SensitiveType Type, List<string> Spans)> values = [];
        List<string> inOrder = [];
        foreach (SpanText text in texts)
        {
            foreach ((SensitiveType type, string hash) in HashesOf(text.Text, scanner))
            {
                if (!values.TryGetValue(hash, out (SensitiveType Type, List<string> Spans) value))
                {
                    values.Add(hash, value = (type, []));
                    inOrder.Add(hash);
                }

                if (!value.Spans.Contains(text.SpanId))
                {
                    value.Spans.Add(text.SpanId);
                }
            }
        }

        return [.. inOrder.Where(hash => values[hash].Spans.Count > 1)
            .Select(hash => new SharedValue(values[hash].Type, hash, values[hash].Spans))];
    }

    /// <summary>Returns the types and the hashes of the sensitive values of a text.</summary>
    internal static IEnumerable<(SensitiveType Type, string Hash)> HashesOf(string text, SensitiveScanner scanner) =>
        scanner.Scan(text).Select(finding => (finding.Type, scanner.Replacements.Hash(text.AsSpan(finding.Start, finding.Length))));
}
