using System.Buffers;
using System.Diagnostics;
using PandaProbe.Export.Outcomes;
using PandaProbe.Export.Scores;
using PandaProbe.Export.Writing;

namespace PandaProbe.Export.Assembling;

/// <summary>One request to be: a trace with spans, more spans, or a score. It keeps its identifier however often it is tried.</summary>
internal sealed class TracePart
{
    private Activity[] _spans = [];

    public bool HasHead { get; set; }

    public ScoreItem? Score { get; init; }

    public int Count { get; private set; }

    public Guid RequestId { get; } = Guid.NewGuid();

    public int ContentBudget { get; set; }

    public int MaxSpans { get; set; } = Writing.FieldLimits.SpansPerRequest;

    public RequestHistory History { get; } = new();

    public ReadOnlySpan<Activity> Spans => _spans.AsSpan(0, Count);

    public void Take(ReadOnlySpan<Activity> spans)
    {
        _spans = ArrayPool<Activity>.Shared.Rent(spans.Length);
        spans.CopyTo(_spans);
        Count = spans.Length;
    }

    /// <summary>Keeps the first <paramref name="count"/> spans; the rest becomes a part of its own.</summary>
    public TracePart Split(int count)
    {
        TracePart rest = new() { ContentBudget = ContentBudget, MaxSpans = MaxSpans };
        rest.Take(Spans[count..]);
        Array.Clear(_spans, count, Count - count);
        Count = count;
        return rest;
    }

    public void Release()
    {
        if (_spans.Length > 0)
        {
            Array.Clear(_spans, 0, Count);
            ArrayPool<Activity>.Shared.Return(_spans);
        }

        _spans = [];
        Count = 0;
    }
}
