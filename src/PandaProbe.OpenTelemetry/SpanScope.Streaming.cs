using PandaProbe.Recording;

namespace PandaProbe;

public readonly partial struct SpanScope
{
    /// <summary>
    /// Records a streamed answer while you enumerate it. Passes each chunk on unchanged and reads none ahead. Records when the first chunk
    /// and the first text arrived, the text, and its token count when none is set. The span ends with the enumeration;
    /// <c>stream.outcome</c> in the metadata says whether it was complete, failed, was cancelled or was left early. Set what the last chunk
    /// contains, such as the usage, inside the loop. When nobody enumerates the stream, the span ends with its <c>using</c> block.
    /// </summary>
    /// <remarks>
    /// Spans that the stream starts, such as an HTTP request, are children of this span. Your code between the chunks keeps its own current
    /// span. Only the first enumeration is recorded; further ones get the stream's own enumerator.
    /// </remarks>
    /// <param name="stream">The stream of the client. <see langword="null"/> is returned as it is.</param>
    /// <param name="textOf">Returns the text in a chunk, or <see langword="null"/> when there is none.</param>
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
