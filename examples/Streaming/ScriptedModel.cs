using System.Runtime.CompilerServices;

namespace Streaming;

/// <summary>
/// Stands in for your provider's streaming client: words arrive one by one; the last chunk reports the usage, if it is asked to.
/// </summary>
internal static class ScriptedModel
{
    private static readonly string[] Words =
        ["The", " Rhine", " rises", " in", " the", " Swiss", " Alps,", " passes", " Basel,", " Cologne", " and", " Rotterdam,", " and",
            " ends", " in", " the", " North", " Sea."];

    public static async IAsyncEnumerable<Chunk> StreamAsync(
        bool reportUsage, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await Task.Delay(60, cancellation);
        foreach (string word in Words)
        {
            await Task.Delay(5, cancellation);
            yield return new(word);
        }

        if (reportUsage)
            yield return new("", new(InputTokens: 21, OutputTokens: 19));
    }
}

internal sealed record Chunk(string Text, Usage? Usage = null);

internal sealed record Usage(int InputTokens, int OutputTokens);
