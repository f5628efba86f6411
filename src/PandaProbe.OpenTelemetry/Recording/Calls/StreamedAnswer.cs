namespace PandaProbe.Recording;

/// <summary>Records the streamed answer of a wrapped client's call. The call ends with the stream.</summary>
internal sealed class StreamedAnswer<T>
{
    private readonly AnswerReader<T> _reader;
    private readonly StreamMeasurement? _measurement;
    private StreamOutcome _outcome = StreamOutcome.Abandoned;
    private int _finished;

    public StreamedAnswer(ModelCall call, AnswerReader<T> reader)
    {
        Call = call;
        _reader = reader;
        _measurement = call.MeasureStream();
        _measurement?.OnEnumerate();
    }

    public ModelCall Call { get; }

    /// <summary>Records a piece.</summary>
    public void Read(T piece)
    {
        _measurement?.OnChunk();
        Call.Record((_reader, piece), static (_, state) => state._reader.Add(state.piece));
        if (_reader.HasContent)
            _measurement?.OnContent();
    }

    /// <summary>Records that the stream has no more pieces.</summary>
    public void Complete() => _outcome = StreamOutcome.Completed;

    /// <summary>Records the exception. Returns <see langword="false"/>, as an exception filter that does not catch it.</summary>
    public bool Failed(Exception exception)
    {
        _outcome = StreamMeasurement.OutcomeOf(exception);
        return Call.Saw(exception);
    }

    /// <summary>Ends the call, once. Without <see cref="Complete"/> and without a failure, the stream counts as abandoned.</summary>
    public void Finish()
    {
        if (Interlocked.Exchange(ref _finished, 1) != 0)
            return;

        Call.Record((_reader, _outcome), static (call, state) =>
        {
            state._reader.Finish(state._outcome);
            if (state._outcome == StreamOutcome.Completed)
                call.CountUsage();
        });
        _measurement?.OnEnd(_outcome);
        Call.End();
    }
}
