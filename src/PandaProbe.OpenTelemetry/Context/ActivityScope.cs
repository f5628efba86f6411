using System.Diagnostics;
using System.Runtime.CompilerServices;
using PandaProbe.Content;
using PandaProbe.Conventions;
using PandaProbe.Diagnostics;
using PandaProbe.Runtime;

namespace PandaProbe.Context;

/// <summary>
/// Starts and stops activities without throwing, and restores <see cref="Activity.Current"/> also when scopes close out of order.
/// </summary>
internal static class ActivityScope
{
    /// <summary>The mark of a scope whose activity is ended by another scope.</summary>
    public const long Borrowed = long.MinValue;

    // Maps an activity to its parent when the parent was started in another ExecutionContext: Activity.Parent is null there.
    private static readonly ConditionalWeakTable<Activity, Activity> AdoptedBy = [];

    // Maps an exception to the last activity it escaped from. The unhandled-exception handler needs it, because Activity.Current is already
    // null there.
    private static readonly ConditionalWeakTable<Exception, Activity> LeftLast = [];

    // Activities that were ended where they were not current. Where such an activity is still current, a new activity must not become its
    // child.
    private static readonly ConditionalWeakTable<Activity, object> ClosedElsewhere = [];

    /// <summary>
    /// Starts an activity below <paramref name="adopter"/>, which belongs to another <see cref="ExecutionContext"/>; below the current
    /// activity when it is <see langword="null"/>.
    /// </summary>
    public static Activity? Start(
        string name, ActivityKind kind, KeyValuePair<string, object?>[] tags, Activity? adopter, bool trace = false)
    {
        if (UserCode.IsRunning)
            return null;

        Activity? before = Activity.Current;
        try
        {
            if (adopter is null)
            {
                // Work that outlives its span stays below it. A new trace does not become part of a trace that has ended.
                if (before is { IsStopped: true } ended
                    && ((trace && ReferenceEquals(ended.Source, ProbeSource.Instance)) || ClosedElsewhere.TryGetValue(ended, out _)))
                {
                    Activity.Current = Live(ended);
                }

                return UnheardSpans.Start(ProbeSource.Instance, name, kind, default, tags);
            }

            Activity? activity = UnheardSpans.Start(ProbeSource.Instance, name, kind, adopter.Context, tags);
            if (activity is not null)
                AdoptedBy.AddOrUpdate(activity, adopter);
            return activity;
        }
        catch (Exception exception)
        {
            // When a processor throws, the new activity stays current, and no code would stop it.
            Activity.Current = Live(before);
            PandaProbeEventSource.Log.TelemetryFailed("start", exception);
            return null;
        }
    }

    /// <summary>
    /// Returns <paramref name="parent"/>; <see langword="null"/> when the current activity is it or below it, because a new activity is its
    /// descendant anyway.
    /// </summary>
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

    /// <summary>Ends an activity once. Marks it as failed when an exception that was thrown after the start is leaving.</summary>
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

    /// <summary>Ends an activity once. Ignores an exception in flight.</summary>
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

    /// <summary>Returns the last activity whose block <paramref name="exception"/> left.</summary>
    public static Activity? LastLeftBy(Exception? exception) =>
        exception is not null && LeftLast.TryGetValue(exception, out Activity? activity) ? activity : null;

    /// <summary>
    /// Returns whether an activity that starts here has an ancestor of this library: an open one, or one that the running work outlives.
    /// </summary>
    public static bool IsInside()
    {
        for (Activity? activity = Activity.Current; activity is not null; activity = ParentOf(activity))
        {
            if (ReferenceEquals(activity.Source, ProbeSource.Instance)
                && !(activity.IsStopped && ClosedElsewhere.TryGetValue(activity, out _)))
            {
                return true;
            }
        }

        return false;
    }

    public static Activity? ParentOf(Activity activity) =>
        activity.Parent ?? (AdoptedBy.TryGetValue(activity, out Activity? parent) ? parent : null);

    /// <summary>Returns the nearest open activity of this library at or above <paramref name="activity"/>: a trace, or a span.</summary>
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
            UnheardSpans.Stop(activity);
        }
        finally
        {
            // Stop makes the activity's predecessor current, whatever was current: an activity of another ExecutionContext, an open child,
            // or a predecessor that has ended. When a processor throws, the activity itself stays current.
            Activity? after = Activity.Current;
            Activity? right = Live(ReferenceEquals(before, activity) ? after : before);
            if (!ReferenceEquals(after, right))
                Activity.Current = right;
        }
    }

    // The activity ended in another ExecutionContext, for example at the end of a stream. Activity.Current could not be set here then.
    private static void LeaveStopped(Activity activity)
    {
        if (ReferenceEquals(Activity.Current, activity))
            Activity.Current = Live(activity);
    }

    /// <summary>Returns the activity when it is open, otherwise its nearest open ancestor.</summary>
    public static Activity? Live(Activity? activity)
    {
        while (activity is { IsStopped: true })
            activity = ParentOf(activity);
        return activity;
    }
}
