namespace PandaProbe.Testing;

/// <summary>
/// Says that an evaluator could not come to a score: a judge answered nonsense, or a call of a model has no price. The case then counts
/// neither for nor against the agent, and the report shows the message. Throw it in evaluators of your own; any other exception is
/// treated alike and shown with its type.
/// </summary>
/// <param name="message">Why there is no score.</param>
/// <param name="innerException">What caused it, or <see langword="null"/>.</param>
public sealed class EvaluatorException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Gets or sets what the evaluator spent before it failed.</summary>
    internal Spending Spending { get; init; }
}
