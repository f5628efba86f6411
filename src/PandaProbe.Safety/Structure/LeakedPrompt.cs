namespace PandaProbe.Safety;

/// <summary>An output that repeats instructions. It never carries the text.</summary>
/// <param name="SpanId">The span of the output.</param>
/// <param name="Share">How much of the instructions the output repeats, from 0 to 1.</param>
/// <param name="Words">How many words of the instructions it repeats in a row. A character of Chinese, Japanese or Korean is a
/// word.</param>
public readonly record struct LeakedPrompt(string SpanId, double Share, int Words);
