using System.Buffers;
using System.Diagnostics;
using PandaProbe.Conventions;
using PandaProbe.Export.Outcomes;
using PandaProbe.Export.Scores;

namespace PandaProbe.Export.Assembling;

/// <summary>
/// One request to be: a trace with spans, more spans, or a score. It keeps its identifier however often it is tried. It references its
/// spans until the backend has answered, because a body that is too large is written again with less in it; these spans count towards
/// <see cref="PandaProbeExporterOptions.MaxSpanCount"/>.
/// </summary>
internal sealed class TracePart
{
    private AssembledSpan[] _spans = [];

    /// <summary>What the trace begins with, where that is known.</summary>
    public Activity? Root { get; private set; }

    public bool HasHead { get; set; }

    public ScoreItem? Score { get; init; }

    public int Count { get; private set; }

    public Guid RequestId { get; } = Guid.NewGuid();

    public int ContentBudget { get; set; }

    public int MaxSpans { get; set; } = FieldLimits.SpansPerRequest;

    public RequestHistory History { get; } = new();

    public long HeadBytes { get; set; }

    /// <summary>The memory that is held for it.</summary>
    public long Bytes
    {
        get
        {
            long bytes = HeadBytes;
            foreach (ref readonly AssembledSpan span in Spans)
                bytes += span.Bytes;
            return bytes;
        }
    }

    public ReadOnlySpan<AssembledSpan> Spans => _spans.AsSpan(0, Count);

    public void Take(Activity? root, ReadOnlySpan<AssembledSpan> spans)
    {
        Root = root;
        if (spans.Length == 0)
            return;

        _spans = ArrayPool<AssembledSpan>.Shared.Rent(spans.Length);
        spans.CopyTo(_spans);
        Count = spans.Length;
    }

    /// <summary>Keeps the first <paramref name="count"/> spans; the rest becomes a part of its own.</summary>
    public TracePart Split(int count)
    {
        TracePart rest = new() { ContentBudget = ContentBudget, MaxSpans = MaxSpans };
        rest.Take(Root, Spans[count..]);
        Array.Clear(_spans, count, Count - count);
        Count = count;
        return rest;
    }

    public void Release()
    {
        Root = null;
        if (_spans.Length > 0)
        {
            Array.Clear(_spans, 0, Count);
            ArrayPool<AssembledSpan>.Shared.Return(_spans);
        }

        _spans = [];
        Count = 0;
    }
}
