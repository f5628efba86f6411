namespace PandaProbe.Testing;

/// <summary>Represents a judgement about a trace.</summary>
/// <param name="TraceId">PandaProbe's id of the trace.</param>
/// <param name="Name">The name, for example <c>helpfulness</c>.</param>
/// <param name="Value">The value as text: a number, <c>true</c> or <c>false</c>, or a name.</param>
/// <param name="Type">The type of the value.</param>
/// <param name="Reason">The explanation; <see langword="null"/> for none.</param>
/// <param name="Metadata">The metadata.</param>
public sealed record CapturedScore(
    Guid TraceId, string Name, string Value, ProbeScoreType Type, string? Reason, IReadOnlyDictionary<string, object?> Metadata);
