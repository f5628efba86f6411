namespace PandaProbe.Testing;

/// <summary>Represents spans, traces or scores that an exporter of the program under test gave up.</summary>
/// <param name="What">What was given up: <c>traces</c>, <c>spans</c> or <c>scores</c>.</param>
/// <param name="Reason">The reason, for example <c>queue_full</c>.</param>
/// <param name="Count">How many.</param>
public sealed record CapturedDrop(string What, string Reason, long Count);
