using PandaProbe.Safety.Structure;

namespace PandaProbe.Safety;

/// <summary>Finds the instructions of a model in what it writes.</summary>
/// <example><code>
/// double share = PromptLeak.Share(systemPrompt, answer);   // 1 when the answer repeats all of it
/// </code></example>
public static class PromptLeak
{
    internal const int LeastWords = 16;

    /// <summary>Tells how much of a system prompt an answer repeats: the share of its sequences of eight words that the answer
    /// has.</summary>
    /// <param name="systemPrompt">The instructions. With fewer than eight words nothing is repeated.</param>
    /// <param name="answer">What the model said.</param>
    /// <returns>From 0 to 1.</returns>
    public static double Share(string? systemPrompt, string? answer)
    {
        ulong[] own = WordRows.Of(systemPrompt);
        HashSet<ulong> said = [.. WordRows.Of(answer)];
        return own.Length == 0 || said.Count == 0 ? 0 : (double)own.Count(said.Contains) / own.Length;
    }

    /// <summary>Finds the answers and tool calls that repeat instructions. What a user, a document or a tool said before them is not the
    /// instructions' own and does not count.</summary>
    /// <param name="texts">The texts of a trace, in the order of time.</param>
    /// <param name="leastWords">How many words in a row an output has to repeat, at least 8. 16 by default: shorter sentences are often
    /// meant to be said.</param>
    /// <returns>The outputs, at most one finding for each text.</returns>
    public static IReadOnlyList<LeakedPrompt> Find(IEnumerable<SpanText> texts, int leastWords = LeastWords)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentOutOfRangeException.ThrowIfLessThan(leastWords, WordRows.Length);
        LeakWatch watch = new(leastWords, int.MaxValue);
        return [.. texts.Select(watch.Add).OfType<LeakedPrompt>()];
    }
}
