using System.Diagnostics;
using PandaProbe.Conventions;
using PandaProbe.Diagnostics;

namespace PandaProbe.Context;

/// <summary>
/// Asks the samplers to decide as for a root span when the parent of a span is an activity that no sampler has seen.
/// <para>
/// With logging on and no instrumentation, ASP.NET Core starts an activity without a source for each request. So do
/// <see cref="HttpClient"/> and other libraries. Such an activity is not recorded. A parent-based sampler, the SDK's default, takes that
/// for a decision and drops every span below it.
/// </para>
/// <para>
/// The samplers stay as they are. .NET records a span when one of its listeners wants it. This listener wants a span when the others would
/// want it as a root. The span is still a child of the request's activity and has its trace id.
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
        // For a root, a remote parent and a recorded parent, the samplers have decided already.
        ActivityContext parent = options.Parent;
        if (parent.TraceId == default || parent.IsRemote || (parent.TraceFlags & ActivityTraceFlags.Recorded) != 0)
            return ActivitySamplingResult.None;

        // A caller passed the context of another activity, whose ancestors are not known here.
        if (Activity.Current is not { } current || current.SpanId != parent.SpanId || UndecidedRoot(current) is not { } root)
            return ActivitySamplingResult.None;

        // One decision holds for all spans below a request: a ratio sampler would otherwise record some of them and drop others.
        if (root.GetCustomProperty(Decision) is not ActivitySamplingResult decision)
        {
            decision = AskForRoot(options);
            root.SetCustomProperty(Decision, decision);
        }

        return decision;
    }

    /// <summary>
    /// Returns the root above <paramref name="activity"/>; <see langword="null"/> when a sampler has decided on any activity from there on.
    /// </summary>
    private static Activity? UndecidedRoot(Activity activity)
    {
        while (true)
        {
            // An activity that a sampler has seen has a source, or AddLegacySource showed it to the sampler. Those that the sampler then
            // dropped ask for no data.
            if (activity.Source.Name.Length != 0 || activity.Recorded || !activity.IsAllDataRequested)
                return null;
            if (activity.Parent is not { } parent)
                return activity.ParentId is null ? activity : null;
            activity = parent;
        }
    }

    // The activity is never started, so no processor sees it. It has a new trace id, so a ratio sampler decides as for any new trace.
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
