using PandaProbe.Content;

namespace PandaProbe.Recording;

/// <summary>Adds up what the pieces of one streamed answer say.</summary>
internal abstract class AnswerReader<T>(ModelCall call)
{
    /// <summary>Whether any of the pieces so far belongs to the answer itself, rather than to what surrounds it.</summary>
    public virtual bool HasContent => Answer.HasBegun;

    protected ModelCall Call { get; } = call;

    protected AnswerBuilder Answer { get; } = new(call.CapturesContent);

    protected string? Id { get; set; }

    protected string? Model { get; set; }

    /// <summary>In the words of the conventions.</summary>
    protected string? FinishReason { get; set; }

    /// <summary>Whether to look for the answer in a piece: to keep it, or to see it begin.</summary>
    protected bool WantsContent => Call.IsRecording && (Answer.Keeps || !Answer.HasBegun);

    public abstract void Add(T piece);

    public virtual void Finish(StreamOutcome outcome)
    {
        Call.SetResponse(Id, Model, FinishReason ?? StreamMeasurement.FinishReasonOf(outcome));
        Call.SetOutput(Answer.Build(FinishReason ?? StreamMeasurement.MessageEndOf(outcome)));
    }
}
