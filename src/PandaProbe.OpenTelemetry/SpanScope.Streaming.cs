using PandaProbe.Recording;

namespace PandaProbe;

// Streamed answers.
public readonly partial struct SpanScope
{
    /// <summary>
    /// Passes a streamed answer through, untouched and as lazily as it comes, and records it: when the first chunk and the first text came, the text,
    /// and its tokens if nobody reports them. The span ends with the stream: when it is complete, fails, is cancelled, or is left early (the metadata's
    /// <c>stream.outcome</c> says which). So set what the last chunk says, such as the usage, inside the loop. A stream that nobody enumerates ends with the span's <c>using</c>.
    /// </summary>
    /// <remarks>
    /// What the stream starts, such as an HTTP request, is recorded below this span; your code between the chunks keeps its own current span. Only the first enumeration is
    /// recorded: further ones, also at the same time, get the stream's own enumerator.
    /// </remarks>
    /// <param name="stream">The stream, as the client returns it.</param>
    /// <param name="textOf">The text in a chunk; <see langword="null"/> when there is none.</param>
    /// <example>
    /// <code>
    /// using var span = Probe.StartLlmSpanWithTokens("gpt-4o", "openai", question);
    /// await foreach (var chunk in span.Observe(client.StreamAsync(question), chunk => chunk.Text))
    /// {
    ///     if (chunk.Usage is { } usage)
    ///         span.SetTokenUsage(usage.InputTokens, usage.OutputTokens);
    ///     Console.Write(chunk.Text);
    /// }
    /// </code>
    /// </example>
    public IAsyncEnumerable<T> Observe<T>(IAsyncEnumerable<T> stream, Func<T, string?> textOf) =>
        stream is null || !_span.CanObserve ? stream! : new RecordedAsyncStream<T>(stream, new SpanRecorder<T>(_span, textOf));

    /// <inheritdoc cref="Observe{T}(IAsyncEnumerable{T}, Func{T, string})"/>
    public IEnumerable<T> Observe<T>(IEnumerable<T> stream, Func<T, string?> textOf) =>
        stream is null || !_span.CanObserve ? stream! : new RecordedStream<T>(stream, new SpanRecorder<T>(_span, textOf));

    /// <inheritdoc cref="Observe{T}(IAsyncEnumerable{T}, Func{T, string})"/>
    public IAsyncEnumerable<string> Observe(IAsyncEnumerable<string> stream) => Observe(stream, static text => text);

    /// <inheritdoc cref="Observe{T}(IAsyncEnumerable{T}, Func{T, string})"/>
    public IEnumerable<string> Observe(IEnumerable<string> stream) => Observe(stream, static text => text);
}
