namespace PandaProbe.Safety;

/// <summary>How much a text looks like one that gives a model orders.</summary>
/// <param name="Value">From 0 to 1.</param>
/// <param name="Rules">The names of the families of phrases that it has, each once: <c>override</c>, <c>persona</c>, <c>extraction</c>,
/// <c>disguise</c> and others.</param>
public readonly record struct InjectionScore(double Value, IReadOnlyList<string> Rules)
{
    /// <summary>The value from which on a text is called an attempt.</summary>
    public const double Threshold = 0.5;

    /// <summary>Gets whether the value is at least <see cref="Threshold"/>.</summary>
    public bool IsAttempt => Value >= Threshold;
}
