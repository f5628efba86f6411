
namespace PandaProbe.Recording;

/// <summary>Records one enumeration of a stream. <see cref="RecordedAsyncStream{T}"/> and <see cref="RecordedStream{T}"/> call it in the <see cref="ExecutionContext"/> of the consumer.</summary>
internal abstract class StreamRecorder<T>
{
    /// <summary>How the enumeration came to its end, as far as it is known.</summary>
    protected StreamOutcome Outcome { get; private set; } = StreamOutcome.Abandoned;

    /// <summary>The recorder of the enumeration that begins: this one for the first. <see langword="null"/> when it is not recorded.</summary>
    public abstract StreamRecorder<T>? Enumerate();

    /// <summary>Makes current what is current inside the stream.</summary>
    /// <param name="moves">Whether the next item is asked for: otherwise the stream is opened or disposed of.</param>
    /// <returns>False when the step is not recorded: then nothing else is called for it.</returns>
    public abstract bool Enter(bool moves);

    /// <summary>Makes current again what the consumer had.</summary>
    public abstract void Exit();

    public abstract void OnItem(T item);

    /// <summary>Records the end of the enumeration, once. Without a failure and without <see cref="Complete"/>, the consumer left before the end.</summary>
    public abstract void End();

    /// <summary>An exception filter: records what leaves the stream, and lets it pass. <see cref="End"/> follows.</summary>
    public bool Saw(Exception exception)
    {
        Outcome = StreamMeasurement.OutcomeOf(exception);
        OnException(exception);
        return false;
    }

    /// <summary>The stream has no more items.</summary>
    public void Complete()
    {
        Outcome = StreamOutcome.Completed;
        End();
    }

    protected abstract void OnException(Exception exception);
}
