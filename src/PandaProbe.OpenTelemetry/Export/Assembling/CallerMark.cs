using System.Diagnostics;
using PandaProbe.Context;
using PandaProbe.Conventions;

namespace PandaProbe.Export.Assembling;

/// <summary>
/// Tells another process that a trace of PandaProbe is open, and which span calls: an entry of <c>tracestate</c>, which travels beside
/// <c>traceparent</c>. Without it, a process that is called cannot know whether the trace it is asked to be part of is one of PandaProbe's.
/// </summary>
/// <param name="Trace">The trace's identifier in PandaProbe.</param>
/// <param name="Span">The span that calls; the default where it is the trace itself.</param>
internal readonly record struct CallerMark(Guid Trace, ActivitySpanId Span)
{
    // pandaprobe=<the span that calls>-<the span that the trace begins with; only zeros where that is the root of the OpenTelemetry trace>
    private const string Key = "pandaprobe=";
    private const int IdLength = 16;
    private const string Nothing = "0000000000000000";
    private const string RootTrace = $"{Key}{Nothing}-{Nothing}";

    /// <summary>Marks what starts where a call may leave the process, or where nothing above is marked.</summary>
    public static void Set(Activity started)
    {
        bool leaves = started.Kind is ActivityKind.Client or ActivityKind.Producer && !AISpans.Contains(started);
        if (!started.Recorded || !(leaves || ActivityScope.IsTrace(started) || ActivityScope.ParentOf(started) is null))
            return;

        Activity? caller = null;
        Activity? root = null;
        Activity top = started;
        for (Activity? at = started; at is not null; at = ActivityScope.ParentOf(at))
        {
            top = at;
            if (!at.Recorded || !AISpans.Contains(at))
                continue;

            caller ??= at;
            root = at;
            if (ActivityScope.IsTrace(at))
                break;
        }

        if (caller is null || root is null)
            return;

        string? state = started.TraceStateString;
        string span = ActivityScope.IsTrace(caller) ? Nothing : caller.SpanId.ToHexString();
        string begin = root.ParentSpanId == default ? Nothing
            : !ActivityScope.IsTrace(root) && top.HasRemoteParent && Entry(state) is { } inherited ? inherited[(IdLength + 1)..]
            : root.SpanId.ToHexString();
        started.TraceStateString = With(state, span == Nothing && begin == Nothing ? RootTrace : $"{Key}{span}-{begin}");
    }

    public static bool TryRead(Activity activity, out CallerMark mark)
    {
        mark = default;
        if (Entry(activity.TraceStateString) is not { } entry)
            return false;

        string begin = entry[(IdLength + 1)..];
        mark = new(
            begin == Nothing ? ProbeIds.Whole(activity.TraceId)
            : ProbeIds.Combined(activity.TraceId, ActivitySpanId.CreateFromString(begin)),
            entry.StartsWith(Nothing, StringComparison.Ordinal) ? default : ActivitySpanId.CreateFromString(entry.AsSpan(0, IdLength)));
        return true;
    }

    private static string? Entry(string? state)
    {
        foreach (string member in Members(state))
        {
            if (!member.StartsWith(Key, StringComparison.Ordinal))
                continue;

            string value = member[Key.Length..];
            return value.Length == (2 * IdLength) + 1 && value[IdLength] == '-'
                && value.Where((_, at) => at != IdLength).All(char.IsAsciiHexDigitLower) ? value : null;
        }

        return null;
    }

    // What is changed goes to the front, as W3C Trace Context has it, and stands there once.
    private static string With(string? state, string member) =>
        string.IsNullOrEmpty(state)
            ? member : string.Join(
                ',', [member, .. Members(state).Where(static other => !other.StartsWith(Key, StringComparison.Ordinal))]);

    private static string[] Members(string? state) =>
        string.IsNullOrEmpty(state) ? [] : state.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
