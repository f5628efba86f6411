using System.Runtime.CompilerServices;

namespace PandaProbe.Streaming;

/// <summary>Streams that do what a test says, in the three ways in which chunks can come.</summary>
public static class Scripted
{
    public enum Mode
    {
        Synchronous,
        AsynchronousAtOnce,
        AsynchronousLater,
    }

    /// <summary>A text of many different tokens, in chunks.</summary>
    public static string[] Chunks(int count) => [.. Enumerable.Range(0, count).Select(i => (i % 5) switch
    {
        0 => " the",
        1 => " quick",
        2 => " br",
        3 => "own ",
        _ => $"{i}é",
    })];

    public static async IAsyncEnumerable<string> Async(
        string[] chunks, bool later, int failAt = -1, Exception? failure = null, Action<int>? onStep = null,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        for (int i = 0; i <= chunks.Length; i++)
        {
            onStep?.Invoke(i);
            if (later)
                await Task.Yield();
            cancellation.ThrowIfCancellationRequested();
            if (i == failAt)
                throw failure!;
            if (i < chunks.Length)
                yield return chunks[i];
        }
    }

    public static IEnumerable<string> Sync(
        string[] chunks, int failAt = -1, Exception? failure = null, Action<int>? onStep = null, CancellationToken cancellation = default)
    {
        for (int i = 0; i <= chunks.Length; i++)
        {
            onStep?.Invoke(i);
            cancellation.ThrowIfCancellationRequested();
            if (i == failAt)
                throw failure!;
            if (i < chunks.Length)
                yield return chunks[i];
        }
    }

    /// <summary>
    /// Consumes an observed stream in the given way, calling <paramref name="onChunk"/> for each chunk until it returns false.
    /// </summary>
    public static async Task Consume(
        SpanScope span, Mode mode, string[] chunks, Func<int, string, bool> onChunk, int failAt = -1, Exception? failure = null,
        Action<int>? onStep = null, CancellationToken cancellation = default)
    {
        int at = 0;
        if (mode == Mode.Synchronous)
        {
            foreach (string chunk in span.Observe(Sync(chunks, failAt, failure, onStep, cancellation)))
            {
                if (!onChunk(at++, chunk))
                    break;
            }

            return;
        }

        await foreach (string chunk in span.Observe(Async(chunks, mode == Mode.AsynchronousLater, failAt, failure, onStep, cancellation)))
        {
            if (!onChunk(at++, chunk))
                break;
        }
    }
}
