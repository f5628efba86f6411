namespace PandaProbe.Safety;

/// <summary>A text of a span. What looks at several spans takes these in the order of time.</summary>
/// <param name="SpanId">The id of the span, in whatever form the findings should have it.</param>
/// <param name="Source">Who wrote the text.</param>
/// <param name="Text">The text.</param>
public readonly record struct SpanText(string SpanId, SpanTextSource Source, string Text);
