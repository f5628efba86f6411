using System.Diagnostics;
using System.Runtime.CompilerServices;
using PandaProbe.Content;
using PandaProbe.Conventions;
using PandaProbe.Diagnostics;

namespace PandaProbe.Context;

/// <summary>Starts and stops activities so that neither can throw and <see cref="Activity.Current"/> is right afterwards, in whatever order scopes close.</summary>
internal static class ActivityScope
{
    /// <summary>The mark of a scope that looks at an activity somebody else closes.</summary>
    public const long Borrowed = long.MinValue;

    // The parents of activities that were started below an activity of another flow: their Parent property knows nothing of it.
    private static readonly ConditionalWeakTable<Activity, Activity> AdoptedBy = [];

    // Who an exception left last. A thread's exception takes the process down only after the thread's flow, and with it the current activity, is gone.
    private static readonly ConditionalWeakTable<Exception, Activity> LeftLast = [];

    // Activities that were closed where they were not current. Where they still are current, what starts next is not their child.
    private static readonly ConditionalWeakTable<Activity, object> ClosedElsewhere = [];

    /// <summary>Starts below <paramref name="adopter"/>, an activity of another flow, or below whatever is current when it is <see langword="null"/>.</summary>
    public static Activity? Start(string name, ActivityKind kind, KeyValuePair<string, object?>[] tags, Activity? adopter, bool trace = false)
    {
        if (UserCode.IsRunning)
            return null;

        Activity? before = Activity.Current;
        try
        {
            if (adopter is null)
            {
                // Work that outlives its span stays below it. But a new trace is no part of one that has ended.
                if (before is { IsStopped: true } ended
                    && ((trace && ReferenceEquals(ended.Source, ProbeSource.Instance)) || ClosedElsewhere.TryGetValue(ended, out _)))
                {
                    Activity.Current = Live(ended);
                }

                return ProbeSource.Instance.StartActivity(name, kind, default(ActivityContext), tags);
            }

            Activity? activity = ProbeSource.Instance.StartActivity(name, kind, adopter.Context, tags);
            if (activity is not null)
                AdoptedBy.AddOrUpdate(activity, adopter);
            return activity;
        }
        catch (Exception exception)
        {
            // A processor that throws leaves an activity current that nobody has and nobody will stop.
            Activity.Current = Live(before);
            PandaProbeEventSource.Log.TelemetryFailed("start", exception);
            return null;
        }
    }

    /// <summary><paramref name="parent"/>, unless the current activity is at or below it: then what starts here is its child anyway.</summary>
    public static Activity? AdopterOf(Activity? parent)
    {
        if (parent is null)
            return null;

        for (Activity? activity = Activity.Current; activity is not null; activity = ParentOf(activity))
        {
            if (ReferenceEquals(activity, parent))
                return null;
        }

        return parent;
    }

    /// <summary>Ends an activity once. Marks it as failed when an exception that was not there at the start is leaving.</summary>
    public static void End(Activity activity, long mark)
    {
        if (mark == Borrowed)
            return;

        try
        {
            if (activity.IsStopped)
            {
                LeaveStopped(activity);
                return;
            }

            if (ExceptionInFlight.IsLeaving(mark, out Exception? exception) && activity.IsAllDataRequested)
            {
                if (exception is null)
                {
                    ErrorTags.Record(activity, "An exception left the block.");
                }
                else
                {
                    ErrorTags.Record(activity, exception);
                    LeftLast.AddOrUpdate(exception, activity);
                }
            }

            Stop(activity);
        }
        catch (Exception exception)
        {
            PandaProbeEventSource.Log.TelemetryFailed("end", exception);
        }
    }

    /// <summary>Ends an activity once, whatever exception may be in flight around it.</summary>
    public static void End(Activity activity)
    {
        try
        {
            if (activity.IsStopped)
                LeaveStopped(activity);
            else
                Stop(activity);
        }
        catch (Exception exception)
        {
            PandaProbeEventSource.Log.TelemetryFailed("end", exception);
        }
    }

    /// <summary>The activity whose block <paramref name="exception"/> was the last to leave.</summary>
    public static Activity? LastLeftBy(Exception? exception) =>
        exception is not null && LeftLast.TryGetValue(exception, out Activity? activity) ? activity : null;

    /// <summary>Whether what starts here is part of a trace or span of this library: an open one, or one that the running work outlives.</summary>
    public static bool IsInside()
    {
        for (Activity? activity = Activity.Current; activity is not null; activity = ParentOf(activity))
        {
            if (ReferenceEquals(activity.Source, ProbeSource.Instance) && !(activity.IsStopped && ClosedElsewhere.TryGetValue(activity, out _)))
                return true;
        }

        return false;
    }

    public static Activity? ParentOf(Activity activity) =>
        activity.Parent ?? (AdoptedBy.TryGetValue(activity, out Activity? parent) ? parent : null);

    /// <summary>The nearest activity of this library at or above <paramref name="activity"/>: a trace, or a span.</summary>
    public static Activity? Nearest(Activity? activity, bool trace)
    {
        for (; activity is not null; activity = ParentOf(activity))
        {
            if (!activity.IsStopped && ReferenceEquals(activity.Source, ProbeSource.Instance) && IsTrace(activity) == trace)
                return activity;
        }

        return null;
    }

    public static bool IsTrace(Activity activity) => activity.GetTagItem(Pandaprobe.Span.Kind) is SpanKinds.Trace;

    private static void Stop(Activity activity)
    {
        Activity? before = Activity.Current;
        if (!ReferenceEquals(before, activity))
            ClosedElsewhere.AddOrUpdate(activity, activity);
        try
        {
            activity.Stop();
        }
        finally
        {
            // Stop makes the activity's predecessor current, whatever was current here: another flow's activity, a child that is still
            // open, or a predecessor that is already closed. It leaves the activity itself current when a processor throws.
            Activity? after = Activity.Current;
            Activity? right = Live(ReferenceEquals(before, activity) ? after : before);
            if (!ReferenceEquals(after, right))
                Activity.Current = right;
        }
    }

    // Ended in another flow, as the end of a stream may be: there, nobody could say here that it is no longer current.
    private static void LeaveStopped(Activity activity)
    {
        if (ReferenceEquals(Activity.Current, activity))
            Activity.Current = Live(activity);
    }

    /// <summary>The activity, or the nearest above it that is still open.</summary>
    public static Activity? Live(Activity? activity)
    {
        while (activity is { IsStopped: true })
            activity = ParentOf(activity);
        return activity;
    }
}
