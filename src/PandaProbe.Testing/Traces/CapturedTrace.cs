using PandaProbe.Pricing;

namespace PandaProbe.Testing;

/// <summary>
/// Represents one trace as it was when the picture was taken: the spans with one OpenTelemetry trace id. Immutable; take a new picture to
/// see what came later.
/// </summary>
/// <example>
/// <code>
/// CapturedTrace trace = await capture.WaitForTraceAsync();
/// decimal dollars = trace.Cost;
/// CapturedSpan refund = trace.Span("refund");
/// </code>
/// </example>
public sealed class CapturedTrace
{
    internal CapturedTrace(
        Guid id, string traceId, IReadOnlyList<CapturedSpan> roots, IReadOnlyList<CapturedScore> scores, PriceBook? prices,
        string? viewer)
    {
        Id = id;
        TraceId = traceId;
        Roots = roots;
        Scores = scores;
        Prices = prices;
        Viewer = viewer;
        Spans = [.. roots.SelectMany(root => root.SelfAndBelow())];
    }

    /// <summary>Gets PandaProbe's id of the trace, the one of <see cref="TraceScope.TraceId"/>.</summary>
    public Guid Id { get; }

    /// <summary>Gets OpenTelemetry's id of the trace: 32 hexadecimal digits.</summary>
    public string TraceId { get; }

    /// <summary>Gets the spans without a captured parent, in the order of their start. A sound trace has one.</summary>
    public IReadOnlyList<CapturedSpan> Roots { get; }

    /// <summary>Gets the first of <see cref="Roots"/>.</summary>
    public CapturedSpan Root => Roots[0];

    /// <summary>Gets all spans, parents before children, and siblings in the order of their start.</summary>
    public IReadOnlyList<CapturedSpan> Spans { get; }

    /// <summary>Gets the calls of language models, in the order of <see cref="Spans"/>.</summary>
    public IReadOnlyList<CapturedSpan> ModelCalls => [.. Spans.Where(span => span.Is(ProbeSpanKind.Llm))];

    /// <summary>Gets the calls of tools, in the order of their start.</summary>
    public IReadOnlyList<CapturedSpan> ToolCalls => [.. Spans.Where(span => span.Is(ProbeSpanKind.Tool)).OrderBy(span => span.Order)];

    /// <summary>Gets checks of which tools ran, in which order and with which arguments.</summary>
    public ToolAssertions Tools => new(this);

    /// <summary>Gets the judgements of the trace, in the order in which they were recorded.</summary>
    public IReadOnlyList<CapturedScore> Scores { get; }

    /// <summary>Gets the name of the root.</summary>
    public string Name => Root.Name;

    /// <summary>Gets the input of the root as text or JSON; <see langword="null"/> when there is none.</summary>
    public string? Input => Root.Input;

    /// <summary>Gets the output of the root as text or JSON; <see langword="null"/> when there is none.</summary>
    public string? Output => Root.Output;

    /// <summary>Gets the session of the root; <see langword="null"/> when there is none.</summary>
    public string? SessionId => Root.SessionId;

    /// <summary>Gets the user of the root; <see langword="null"/> when there is none.</summary>
    public string? UserId => Root.UserId;

    /// <summary>Gets the tags of the root.</summary>
    public IReadOnlyList<string> Tags => Root.Tags;

    /// <summary>Gets the metadata of the root.</summary>
    public IReadOnlyDictionary<string, object?> Metadata => Root.Metadata;

    /// <summary>Gets the sum of the spans' costs in US dollars. Spans that only sum up others do not count.</summary>
    public decimal Cost => Spans.Sum(span => span.Cost ?? 0);

    /// <summary>Gets the sum of the token counts of all calls of models. Spans that only sum up others do not count.</summary>
    public CapturedUsage Usage => CapturedUsage.Sum(Spans.Where(IsCall).Select(span => span.Usage));

    /// <summary>Gets the time from the start of the root to the end of the last span.</summary>
    public TimeSpan Duration => Spans.Max(span => span.Start + span.Duration) - Root.Start;

    internal PriceBook? Prices { get; }

    internal string? Viewer { get; }

    /// <summary>Returns the one span with this name.</summary>
    /// <exception cref="ProbeAssertionException">There is none, or there are several.</exception>
    public CapturedSpan Span(string name) => Only.Named(Spans, name);

    /// <summary>Returns the tree of the trace: one line per span, children indented.</summary>
    public override string ToString() => TreeText.Of(Roots);

    private static bool IsCall(CapturedSpan span) => span.Is(ProbeSpanKind.Llm) || span.Is(ProbeSpanKind.Embedding);
}
