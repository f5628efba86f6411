using System.Diagnostics;
using System.Runtime.CompilerServices;
using PandaProbe.Context;
using PandaProbe.Conventions;

namespace PandaProbe.Export.Assembling;

/// <summary>
/// Says which spans PandaProbe gets, and what each of them hangs below. Asks <see cref="PandaProbeExporterOptions.SpanFilter"/> once for a
/// span. Runs on the export thread only.
/// </summary>
internal sealed class KeptSpans(ExportSettings settings)
{
    private readonly ConditionalWeakTable<Activity, object>? _answers = settings.Options.SpanFilter is null ? null : [];

    public bool Passes(Activity span)
    {
        if (_answers is null)
            return true;

        if (!_answers.TryGetValue(span, out object? passes))
            _answers.Add(span, passes = settings.PassesFilter(span));
        return (bool)passes;
    }

    /// <summary>
    /// The topmost span about AI above <paramref name="span"/> that is kept, or the span itself. A request that the calls hang below begins
    /// no trace, even where <see cref="PandaProbeExporterOptions.IncludeNonAISpans"/> keeps it.
    /// </summary>
    public Activity Topmost(Activity span)
    {
        Activity topmost = span;
        for (Activity? above = ActivityScope.ParentOf(span); above is not null; above = ActivityScope.ParentOf(above))
        {
            if (AISpans.Contains(above) && Keeps(above))
                topmost = above;
        }

        return topmost;
    }

    /// <summary>
    /// Finds the parents of what was collected. As late as possible, because the filter sees more of a span that has ended.
    /// </summary>
    public void FindParents(TraceRecord record)
    {
        HashSet<ActivitySpanId>? known = null;
        foreach (ref AssembledSpan span in record.Collected)
        {
            Activity at = span.Activity;
            if (record.RootIsSpan && ReferenceEquals(at, record.CollectedRoot))
                continue;

            Activity? parent = ActivityScope.ParentOf(at);
            while (parent is not null && !ActivityScope.IsTrace(parent) && !Keeps(parent))
            {
                at = parent;
                parent = ActivityScope.ParentOf(at);
            }

            if (parent is not null)
            {
                if (!ActivityScope.IsTrace(parent))
                    span = span with { Parent = parent.SpanId };
            }
            else if (at.HasRemoteParent && CallerMark.TryRead(at, out CallerMark caller))
            {
                span = span with { Parent = caller.Span };
            }
            else if (at.ParentSpanId != default && (known ??= record.SpanIds()).Contains(at.ParentSpanId))
            {
                // The parent was given by its context, so that no object leads to it.
                span = span with { Parent = at.ParentSpanId };
            }
        }
    }

    private bool Keeps(Activity span) => settings.IsCandidate(span) && Passes(span);
}
