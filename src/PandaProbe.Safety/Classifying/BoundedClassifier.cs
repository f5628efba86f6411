namespace PandaProbe.Safety;

/// <summary>
/// Keeps another classifier within bounds of concurrency, waiting, length and time. It throws nothing and runs nothing on the caller's
/// thread.
/// </summary>
/// <example><code>
/// var classifier = new BoundedClassifier(new MyClassifier(chatClient));
/// ContentVerdict verdict = await classifier.ClassifyAsync(toolResult);
/// </code></example>
public sealed class BoundedClassifier : IContentClassifier
{
    private readonly IContentClassifier _inner;
    private readonly SemaphoreSlim _places;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _maxTime;
    private readonly int _maxOpen;
    private readonly int _maxLength;
    private int _open;

    /// <summary>Creates a classifier with bounds.</summary>
    /// <param name="inner">The classifier that judges.</param>
    /// <param name="options">The bounds; null for the defaults. Later changes do not reach the classifier.</param>
    /// <exception cref="ArgumentException">A bound is not above zero.</exception>
    public BoundedClassifier(IContentClassifier inner, BoundedClassifierOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(inner);
        options ??= new();
        if (options.MaxConcurrency <= 0 || options.MaxWaiting < 0 || options.MaxLength <= 0 || options.MaxTime <= TimeSpan.Zero)
        {
            throw new ArgumentException("The bounds must be above zero.", nameof(options));
        }

        (_inner, _places, _clock, _maxTime) = (inner, new(options.MaxConcurrency), options.TimeProvider, options.MaxTime);
        (_maxOpen, _maxLength) = (options.MaxConcurrency + options.MaxWaiting, options.MaxLength);
    }

    /// <inheritdoc/>
    public async ValueTask<ContentVerdict> ClassifyAsync(string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Interlocked.Increment(ref _open) > _maxOpen)
        {
            Interlocked.Decrement(ref _open);
            return new(null, "busy");
        }

        using CancellationTokenSource timeout = new(_maxTime, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        CancellationToken token = either.Token;
        string judged = text.Length <= _maxLength ? text
            : string.Concat(text.AsSpan(0, _maxLength - (_maxLength / 2)), text.AsSpan(text.Length - (_maxLength / 2)));
        try
        {
            // A classifier that does not heed the token keeps its place until it returns.
            return await Task.Run(() => Judge(judged, token), CancellationToken.None).WaitAsync(token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return new(null, "time");
        }
    }

    private async Task<ContentVerdict> Judge(string text, CancellationToken token)
    {
        try
        {
            await _places.WaitAsync(token).ConfigureAwait(false);
            try
            {
                return await _inner.ClassifyAsync(text, token).ConfigureAwait(false);
            }
            finally
            {
                _places.Release();
            }
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            return new(null, "time");
        }
        catch (Exception exception)
        {
            // The message may hold the text.
            return new(null, exception.GetType().Name);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }
}
