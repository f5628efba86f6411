namespace PandaProbe.Safety;

/// <summary>What an <see cref="IContentClassifier"/> says of a text.</summary>
/// <param name="Score">From 0, harmless, to 1; null when there is no answer.</param>
/// <param name="Label">What the text is in the classifier's words. Without a score the reason: <c>busy</c>, <c>time</c>, or the type of the
/// exception.</param>
public readonly record struct ContentVerdict(double? Score, string? Label = null);
