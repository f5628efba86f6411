using System.Diagnostics;
using PandaProbe.Conventions;
using PandaProbe.Diagnostics;

namespace PandaProbe.Context;

/// <summary>
/// Asks the samplers for a root's decision where the parent of a span is an activity that no sampler has seen.
/// <para>
/// With logging on and no instrumentation, ASP.NET Core opens an activity without a source for each request, and so do <see cref="HttpClient"/> and other
/// libraries. It is not recorded, because nobody was asked. A parent-based sampler, the SDK's default, takes that for a decision and drops every span below it.
/// </para>
/// <para>
/// The samplers stay as they are. .NET records a span when one of its listeners wants it: this one does when the others would if the span were a root. The span is
/// still the child of the request's activity and has its trace id.
/// </para>
/// </summary>
internal static class RootSampling
{
    private const string Decision = "pandaprobe.root_decision";

    private static readonly object Gate = new();
    private static ActivityListener? _listener;

    /// <summary>Starts or stops listening.</summary>
    public static void Watch(bool wanted)
    {
        lock (Gate)
        {
            if (wanted == _listener is not null)
                return;

            _listener?.Dispose();
            _listener = null;
            if (!wanted)
                return;

            _listener = new()
            {
                ShouldListenTo = source => source.Name == ProbeSource.Name || AISources.Contains(source),
                Sample = Sample,
            };
            ActivitySource.AddActivityListener(_listener);
        }
    }

    private static ActivitySamplingResult Sample(ref ActivityCreationOptions<ActivityContext> options)
    {
        // A root, a parent in another process and a recorded parent leave nothing open.
        ActivityContext parent = options.Parent;
        if (parent.TraceId == default || parent.IsRemote || (parent.TraceFlags & ActivityTraceFlags.Recorded) != 0)
            return ActivitySamplingResult.None;

        // Any other activity than the current one was named by the caller, as a context only.
        if (Activity.Current is not { } current || current.SpanId != parent.SpanId || UndecidedRoot(current) is not { } root)
            return ActivitySamplingResult.None;

        // One decision for everything below a request: a ratio would otherwise keep one span and drop the next.
        if (root.GetCustomProperty(Decision) is not ActivitySamplingResult decision)
        {
            decision = AskForRoot(options);
            root.SetCustomProperty(Decision, decision);
        }

        return decision;
    }

    /// <summary>The root above <paramref name="activity"/> when nobody has decided on sampling anywhere from there on; otherwise <see langword="null"/>.</summary>
    private static Activity? UndecidedRoot(Activity activity)
    {
        while (true)
        {
            // An activity that a sampler has seen has a source. Where AddLegacySource shows it activities without one, those that it drops ask for no data.
            if (activity.Source.Name.Length != 0 || activity.Recorded || !activity.IsAllDataRequested)
                return null;
            if (activity.Parent is not { } parent)
                return activity.ParentId is null ? activity : null;
            activity = parent;
        }
    }

    // Never started, so no processor sees it. Its trace id is a new one: a sampler by ratio draws as for any new trace.
    private static ActivitySamplingResult AskForRoot(in ActivityCreationOptions<ActivityContext> options)
    {
        Activity? current = Activity.Current;
        try
        {
            Activity.Current = null;
            return options.Source.CreateActivity(options.Name, options.Kind, default(ActivityContext), options.Tags, options.Links) switch
            {
                { Recorded: true } => ActivitySamplingResult.AllDataAndRecorded,
                { IsAllDataRequested: true } => ActivitySamplingResult.AllData,
                _ => ActivitySamplingResult.None,
            };
        }
        catch (Exception exception)
        {
            PandaProbeEventSource.Log.TelemetryFailed("sampling", exception);
            return ActivitySamplingResult.None;
        }
        finally
        {
            Activity.Current = current;
        }
    }
}
