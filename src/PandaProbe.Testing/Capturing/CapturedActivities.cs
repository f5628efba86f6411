using System.Diagnostics;
using PandaProbe.Conventions;
using PandaProbe.Processing;

namespace PandaProbe.Testing;

/// <summary>The activities of one capture, and who waits for their end.</summary>
internal sealed class CapturedActivities(TimeProvider time)
{
    private readonly object _gate = new();
    private readonly Dictionary<Activity, CapturedActivity> _all = [];
    private readonly List<CapturedActivity> _inOrder = [];
    private TaskCompletionSource _change = NewSignal();

    public IReadOnlyList<ActivityTraceId> TraceIds
    {
        get
        {
            lock (_gate)
                return [.. _inOrder.Select(captured => captured.Activity.TraceId).Distinct()];
        }
    }

    public void Start(Activity activity)
    {
        lock (_gate)
        {
            CapturedActivity captured = new(activity, _inOrder.Count, StartOf(activity));
            if (_all.TryAdd(activity, captured))
                _inOrder.Add(captured);
        }
    }

    public void Stop(Activity activity)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            if (!_all.TryGetValue(activity, out CapturedActivity? captured))
                return;

            captured.End = ReferenceEquals(time, TimeProvider.System) ? captured.Start + activity.Duration : time.GetUtcNow();
            (changed, _change) = (_change, NewSignal());
        }

        changed.SetResult();
    }

    /// <summary>Returns what has started so far, and a task that ends with the next span.</summary>
    public (IReadOnlyList<CapturedActivity> All, Task Change) Now(bool isEverything)
    {
        lock (_gate)
        {
            return ([.. _inOrder.Where(captured => !DoubledSpan.Is(captured.Activity)
                && (isEverything || AISpans.Contains(captured.Activity)))], _change.Task);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private DateTimeOffset StartOf(Activity activity) =>
        ReferenceEquals(time, TimeProvider.System) ? new(activity.StartTimeUtc, TimeSpan.Zero) : time.GetUtcNow();
}
