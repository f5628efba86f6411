
namespace PandaProbe.Recording;

/// <summary>The answer of a wrapped client's call while it streams in. The call ends with it.</summary>
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

    /// <summary>A piece came.</summary>
    public void Read(T piece)
    {
        _measurement?.OnChunk();
        Call.Record((_reader, piece), static (_, state) => state._reader.Add(state.piece));
        if (_reader.HasContent)
            _measurement?.OnContent();
    }

    /// <summary>The stream said that there is no more.</summary>
    public void Complete() => _outcome = StreamOutcome.Completed;

    /// <summary>An exception filter: records what leaves the stream, and lets it pass.</summary>
    public bool Failed(Exception exception)
    {
        _outcome = StreamMeasurement.OutcomeOf(exception);
        return Call.Saw(exception);
    }

    /// <summary>Ends the call, once. Whoever comes here without an end of the stream has left it.</summary>
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
