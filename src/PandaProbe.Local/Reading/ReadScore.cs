namespace PandaProbe.Local.Reading;

/// <summary>Represents a judgement about a span: a number, a label, or both.</summary>
internal sealed record ReadScore(string Name, double? Value, string? Label, string? Explanation, string? ResponseId = null);
