namespace PandaProbe.Recording;

/// <summary>
/// Records one enumeration of a stream. <see cref="RecordedAsyncStream{T}"/> and <see cref="RecordedStream{T}"/> call it in the
/// <see cref="ExecutionContext"/> of the consumer.
/// </summary>
internal abstract class StreamRecorder<T>
{
    /// <summary>Gets how the enumeration ended. <see cref="StreamOutcome.Abandoned"/> until an end is known.</summary>
    protected StreamOutcome Outcome { get; private set; } = StreamOutcome.Abandoned;

    /// <summary>
    /// Returns the recorder of the enumeration that begins: this one for the first; <see langword="null"/> when it is not recorded.
    /// </summary>
    public abstract StreamRecorder<T>? Enumerate();

    /// <summary>Makes the stream's own <see cref="System.Diagnostics.Activity"/> current.</summary>
    /// <param name="moves"><see langword="true"/> before the next item is read; <see langword="false"/> before the stream is opened or
    /// disposed.</param>
    /// <returns><see langword="false"/> when the step is not recorded. Then call no other member for it.</returns>
    public abstract bool Enter(bool moves);

    /// <summary>Restores the consumer's <see cref="System.Diagnostics.Activity"/>.</summary>
    public abstract void Exit();

    public abstract void OnItem(T item);

    /// <summary>
    /// Records the end of the enumeration, once. Without a failure and without <see cref="Complete"/>, the outcome is
    /// <see cref="StreamOutcome.Abandoned"/>.
    /// </summary>
    public abstract void End();

    /// <summary>
    /// Records the exception. Returns <see langword="false"/>, as an exception filter that does not catch it. <see cref="End"/> follows.
    /// </summary>
    public bool Saw(Exception exception)
    {
        Outcome = StreamMeasurement.OutcomeOf(exception);
        OnException(exception);
        return false;
    }

    /// <summary>Records that the stream has no more items.</summary>
    public void Complete()
    {
        Outcome = StreamOutcome.Completed;
        End();
    }

    protected abstract void OnException(Exception exception);
}
