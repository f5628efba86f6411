using System.Diagnostics;

namespace PandaProbe.Testing;

/// <summary>Makes the trees of one trace from its activities.</summary>
internal static class SpanTrees
{
    public static IReadOnlyList<CapturedSpan> Of(IReadOnlyList<CapturedActivity> activities, DateTimeOffset now)
    {
        Dictionary<ActivitySpanId, CapturedSpan> byId = [];
        Dictionary<CapturedSpan, List<CapturedSpan>> children = [];
        List<CapturedSpan> all = [];
        HashSet<ActivitySpanId> known = [.. activities.Select(captured => captured.Activity.SpanId)];
        foreach (CapturedActivity captured in activities)
        {
            CapturedSpan span = SpanReader.Read(captured, now, IsOrphan(captured.Activity, known));
            byId[captured.Activity.SpanId] = span;
            children[span] = [];
            all.Add(span);
        }

        List<CapturedSpan> roots = [];
        foreach (CapturedSpan span in all)
        {
            if (ParentOf(span.Activity, byId) is { } parent)
                children[parent].Add(span);
            else
                roots.Add(span);
        }

        foreach (CapturedSpan span in all)
            span.Children = children[span];
        return roots;
    }

    // A span that is not captured, such as one of HTTP, may lie between a span and its captured ancestor.
    private static CapturedSpan? ParentOf(Activity activity, Dictionary<ActivitySpanId, CapturedSpan> byId)
    {
        for (Activity? child = activity; child is not null; child = child.Parent)
        {
            if (byId.TryGetValue(child.ParentSpanId, out CapturedSpan? parent))
                return parent;
        }

        return null;
    }

    private static bool IsOrphan(Activity activity, HashSet<ActivitySpanId> known) =>
        activity.ParentSpanId != default && activity.Parent is null && !activity.HasRemoteParent && !known.Contains(activity.ParentSpanId);
}
