using PandaProbe.Content;

namespace PandaProbe.Recording;

/// <summary>Builds one answer from the pieces of a stream.</summary>
internal abstract class AnswerReader<T>(ModelCall call)
{
    /// <summary>Gets whether any piece so far has content of the answer.</summary>
    public virtual bool HasContent => Answer.HasBegun;

    protected ModelCall Call { get; } = call;

    protected AnswerBuilder Answer { get; } = new(call.CapturesContent);

    protected string? Id { get; set; }

    protected string? Model { get; set; }

    /// <summary>Gets or sets the finish reason, as a value of the conventions.</summary>
    protected string? FinishReason { get; set; }

    /// <summary>Gets whether a piece must be searched for content: to keep it, or to note when the answer begins.</summary>
    protected bool WantsContent => Call.IsRecording && (Answer.Keeps || !Answer.HasBegun);

    public abstract void Add(T piece);

    public virtual void Finish(StreamOutcome outcome)
    {
        Call.SetResponse(Id, Model, FinishReason ?? StreamMeasurement.FinishReasonOf(outcome));
        Call.SetOutput(Answer.Build(FinishReason ?? StreamMeasurement.MessageEndOf(outcome)));
    }
}
