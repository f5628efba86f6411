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
            foreach (SensitiveFinding finding in scanner.Scan(text.Text))
            {
                string hash = scanner.Replacements.Hash(text.Text.AsSpan(finding.Start, finding.Length));
                if (!values.TryGetValue(hash, out (SensitiveType Type, List<string> Spans) value))
                {
                    values.Add(hash, value = (finding.Type, []));
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
}
