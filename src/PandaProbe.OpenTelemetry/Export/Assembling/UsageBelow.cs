using System.Diagnostics;
using System.Runtime.CompilerServices;
using PandaProbe.Context;
using PandaProbe.Conventions;
using PandaProbe.Values;

namespace PandaProbe.Export.Assembling;

/// <summary>
/// Finds spans whose usage is the sum of what lies below them, whatever they are called: an agent, a tool loop, a client that wraps
/// another. Keeps a sum until the span above it has ended, or is nowhere referenced any more.
/// </summary>
internal sealed class UsageBelow
{
    private readonly ConditionalWeakTable<Activity, Sum> _sums = [];

    /// <summary>
    /// Takes in the usage of a span that has ended, and says whether that is only a sum. A call to a model that used more than everything
    /// below it has used something itself, and counts.
    /// </summary>
    /// <param name="span">The span.</param>
    /// <param name="root">What the trace begins with, where that is known. Sums stop there.</param>
    public bool IsSum(Activity span, Activity? root)
    {
        bool hasBelow = _sums.TryGetValue(span, out Sum? below);
        Activity? parent = ReferenceEquals(span, root) ? null : SpanAbove(span);
        if (!hasBelow && parent is null)
            return false;

        if (hasBelow)
            _sums.Remove(span);
        bool any = TagNumber.TryCount(span.GetTagItem(GenAI.Usage.InputTokens), out long prompt);
        any |= TagNumber.TryCount(span.GetTagItem(GenAI.Usage.OutputTokens), out long completion);
        if (!any)
            return false;

        if (below is not null)
        {
            bool isCall = span.GetTagItem(Pandaprobe.Span.Kind) is SpanKinds.Llm or SpanKinds.Embedding;
            if (!isCall || (prompt <= below.Prompt && completion <= below.Completion))
                return true;
        }

        while (parent is not null)
        {
            Sum sum = _sums.GetValue(parent, static _ => new Sum());
            sum.Prompt += prompt;
            sum.Completion += completion;
            parent = ReferenceEquals(parent, root) ? null : SpanAbove(parent);
        }

        return false;
    }

    private static Activity? SpanAbove(Activity span) =>
        ActivityScope.ParentOf(span) is { } parent && !ActivityScope.IsTrace(parent) ? parent : null;

    private sealed class Sum
    {
        public long Prompt { get; set; }

        public long Completion { get; set; }
    }
}
