namespace PandaProbe.Safety;

/// <summary>A text without what was sensitive in it.</summary>
/// <param name="Text">The safe text; <c>[WITHHELD]</c> when it could not be made safe.</param>
/// <param name="Outcome">How the scan ended.</param>
/// <param name="Findings">What was found, in the order of the original text. Positions are those in the original.</param>
/// <param name="Reason">Why the text is withheld: <c>length</c>, <c>time</c>, or the type of the exception that a detector threw; null
/// otherwise.</param>
public sealed record MaskedText(string Text, SafetyOutcome Outcome, IReadOnlyList<SensitiveFinding> Findings, string? Reason = null);
