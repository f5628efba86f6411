using System.Diagnostics;
using PandaProbe.Context;
using PandaProbe.Diagnostics;

namespace PandaProbe.Recording;

/// <summary>A trace that is open. The default value does nothing.</summary>
internal readonly struct OpenTrace
{
    private readonly long _mark;

    private OpenTrace(Activity activity, long mark)
    {
        Activity = activity;
        _mark = mark;
    }

    public Activity? Activity { get; }

    /// <summary>An activity that somebody else ends.</summary>
    public static OpenTrace Borrow(Activity activity) => new(activity, ActivityScope.Borrowed);

    public static OpenTrace Start(string name, string? sessionId, string? userId, IEnumerable<string>? tags)
    {
        AmbientContext? ambient = AmbientContext.ForNewTrace();
        string? session = string.IsNullOrEmpty(sessionId) ? null : sessionId;
        string? user = string.IsNullOrEmpty(userId) ? null : userId;
        string[]? labels = Labels(tags);

        if (string.IsNullOrEmpty(name))
            name = "trace";
        Surroundings surroundings = new(session ?? ambient?.Session, user ?? ambient?.User, labels ?? ambient?.Tags);
        Activity? activity = ActivityScope.Start(name, ActivityKind.Internal, StartTags.Trace(surroundings), adopter: null, trace: true);
        if (activity is null)
            return default;

        if (session is not null || user is not null || labels is not null)
            AmbientContext.PushTrace(ambient, activity, session, user, labels);
        return new(activity, ExceptionInFlight.Mark());
    }

    /// <summary>Ends the trace. When an exception is leaving the block that calls this, the trace fails with it.</summary>
    public void End()
    {
        if (Activity is null || _mark == ActivityScope.Borrowed)
            return;

        AmbientContext.PopTrace(Activity);
        ActivityScope.End(Activity, _mark);
    }

    /// <summary>The labels, copied and without empty ones; <see langword="null"/> when there is none.</summary>
    public static string[]? Labels(IEnumerable<string>? tags)
    {
        if (tags is null)
            return null;

        try
        {
            string[] labels = [.. tags.Where(tag => !string.IsNullOrEmpty(tag))];
            return labels.Length == 0 ? null : labels;
        }
        catch (Exception exception)
        {
            PandaProbeEventSource.Log.TelemetryFailed("reading tags", exception);
            return null;
        }
    }
}
