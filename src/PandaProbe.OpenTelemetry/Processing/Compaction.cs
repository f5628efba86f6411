using System.Diagnostics;
using PandaProbe.Metrics;
using PandaProbe.Pricing;
using PandaProbe.Values;

namespace PandaProbe.Processing;

/// <summary>
/// Adds the tokens of Anthropic's compactions to the totals of the call. The provider charges them, but reports them beside the totals.
/// </summary>
internal static class Compaction
{
    private static readonly (string Reported, string Tag, string Total)[] Counts =
    [
        Names("anthropic.usage.compaction.input_tokens", TokenKind.CompactionInput, TokenKind.Input),
        Names("anthropic.usage.compaction.output_tokens", TokenKind.CompactionOutput, TokenKind.Output),
    ];

    /// <summary>Copies the counts from a doubled span to the span of the wrapper, which reports the totals.</summary>
    public static void Copy(Activity doubled, Activity call)
    {
        foreach ((string reported, _, _) in Counts)
        {
            if (doubled.GetTagItem(reported) is { } count)
                call.SetTag(reported, count);
        }
    }

    public static void AddToTotals(Activity call)
    {
        foreach ((string reported, string tag, string total) in Counts)
        {
            if (!TagNumber.TryCount(call.GetTagItem(reported), out long count))
                continue;

            // Without the reported tag, a second run changes nothing.
            call.SetTag(reported, null);
            call.SetTag(tag, Boxes.Integer(count));
            TagNumber.TryCount(call.GetTagItem(total), out long others);
            call.SetTag(total, Boxes.Integer(others + count));
        }
    }

    private static (string Reported, string Tag, string Total) Names(string reported, TokenKind part, TokenKind total) =>
        (reported, UsageNames.Of(part).Tag, UsageNames.Of(total).Tag);
}
