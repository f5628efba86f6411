namespace PandaProbe.Safety;

/// <summary>A sensitive value that several spans have. It carries the value's hash.</summary>
/// <param name="Type">The kind of value.</param>
/// <param name="Hash">The hash that <see cref="SensitiveAction.Hash"/> writes for it.</param>
/// <param name="SpanIds">The spans that have it, in the order of time, each once.</param>
public sealed record SharedValue(SensitiveType Type, string Hash, IReadOnlyList<string> SpanIds);
