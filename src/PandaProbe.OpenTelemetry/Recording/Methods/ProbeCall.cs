using System.Collections;
using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json.Serialization;
using PandaProbe.Context;
using PandaProbe.Conventions;
using PandaProbe.Diagnostics;
using PandaProbe.Recording;
using PandaProbe.Runtime;
using PandaProbe.Values;

namespace PandaProbe.Interception;

/// <summary>
/// Records one call of a method with <see cref="ProbeTraceAttribute"/> or <see cref="ProbeSpanAttribute"/>. For generated code.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ProbeCall : IDisposable
{
    private readonly string? _sessionId;
    private readonly string? _userId;
    private OpenSpan _span;
    private Activity? _activityOutside;
    private AmbientContext? _ambientOutside;
    private Activity? _activityInside;
    private AmbientContext? _ambientInside;
    private bool _continues;

    internal ProbeCall(ProbeSite site, string? sessionId, string? userId)
    {
        Site = site;
        _sessionId = sessionId;
        _userId = userId;
    }

    /// <summary>Gets a collector for the arguments; <see langword="null"/> when content is not recorded.</summary>
    public ProbeArguments? Arguments =>
        ContentPolicy.Current.Capture && _span.Activity is null or { IsAllDataRequested: true } ? new ProbeArguments(this) : null;

    internal ProbeSite Site { get; }

    internal ProbeInput Input { get; set; }

    internal bool IsRecording => _span.IsRecording;

    internal bool HasBegun => _span.Activity is not null || _span.Unrecorded is not null;

    internal bool HasEnded => _span.Activity is { IsStopped: true };

    /// <summary>Records the result.</summary>
    public T Returns<T>(T result, JsonSerializerContext? json = null)
    {
        SetOutput(result, json);
        return result;
    }

    /// <summary>Ends the call when the task does. The returned task has the same result, exceptions and continuation context.</summary>
    public Task Completes(Task task) => task is null || HasCompleted(task) ? task! : WhenEnded(task).Unwrap();

    /// <summary>Ends the call when the task does, and records its result.</summary>
    public Task<T> Completes<T>(Task<T> task, JsonSerializerContext? json = null)
    {
        if (task is null || HasCompleted(task))
        {
            if (task is { IsCompletedSuccessfully: true })
                SetOutput(task.Result, json);
            return task!;
        }

        _continues = true;
        return task.ContinueWith(
            ended =>
            {
                if (ended.IsCompletedSuccessfully)
                    SetOutput(ended.Result, json);
                End(ended);
                return ended;
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default).Unwrap();
    }

    /// <summary>Ends the call when the task does.</summary>
    public ValueTask Completes(ValueTask task)
    {
        if (!task.IsCompletedSuccessfully)
            return new(Completes(task.AsTask()));

        task.GetAwaiter().GetResult();
        return default;
    }

    /// <summary>Ends the call when the task does, and records its result.</summary>
    public ValueTask<T> Completes<T>(ValueTask<T> task, JsonSerializerContext? json = null) =>
        task.IsCompletedSuccessfully ? new(Returns(task.Result, json)) : new(Completes(task.AsTask(), json));

    /// <summary>
    /// Ends the call when its result has been enumerated, and records the items. A collection is recorded at once, as any other result.
    /// </summary>
    public IEnumerable<T> Yields<T>(IEnumerable<T> items, JsonSerializerContext? json = null)
    {
        if (items is null)
            return null!;
        if (items is ICollection or ICollection<T> or IReadOnlyCollection<T>)
        {
            if (HasBegun || Begin())
                SetOutput(items, json);
            return items;
        }

        _continues = true;
        return new RecordedStream<T>(
            items, new MethodRecorder<T>(
                this, json, asText: Site.Kind == ProbeSpanKind.Llm && CollectedItems.IsStreamOfText<T>(Site.Kind)));
    }

    /// <summary>Ends the call when its result has been enumerated, and records the items.</summary>
    public IAsyncEnumerable<T> Yields<T>(IAsyncEnumerable<T> items, JsonSerializerContext? json = null)
    {
        if (items is null)
            return null!;

        _continues = true;
        return new RecordedAsyncStream<T>(items, new MethodRecorder<T>(this, json, asText: CollectedItems.IsStreamOfText<T>(Site.Kind)));
    }

    /// <summary>Records the exception. Returns <see langword="false"/>, as an exception filter that does not catch it.</summary>
    public bool Saw(Exception exception)
    {
        // A method with a sequence as its result can throw before the enumeration starts.
        if (!HasBegun && Begin())
            _continues = false;
        Fail(exception);
        return false;
    }

    /// <summary>Ends the call. When its task or sequence continues, only removes the call from the caller's context.</summary>
    public void Dispose()
    {
        if (!_continues)
            End();
        else
            Leave();
    }

    /// <summary>Starts the activity of a prepared call. <see langword="false"/> when it is not recorded.</summary>
    internal bool Begin() => !ContentSerializer.IsWriting && (Site.OutsideTrace || ActivityScope.IsInside()) && Start();

    internal bool Start()
    {
        _activityOutside = Activity.Current;
        _ambientOutside = AmbientContext.Current;
        _span = Site.Kind is { } kind
            ? OpenSpan.Start(Site.Name, kind, Site.Model, Site.Provider)
            : OpenSpan.StartTrace(Site.Name, _sessionId, _userId, Site.Tags);
        if (!Input.IsEmpty)
            RecordInput();
        return HasBegun;
    }

    /// <summary>Makes a call of the same method with the same arguments, for a further enumeration of the result.</summary>
    internal ProbeCall Again() => new(Site, _sessionId, _userId) { Input = Input };

    internal void RecordInput()
    {
        if (IsRecording)
            Input.Record(_span.Activity!, Site.Kind);
    }

    internal void SetOutput<T>(T result, JsonSerializerContext? json)
    {
        if (!Site.Output || result is null || !IsRecording || HasOutput() || !ContentPolicy.Current.Capture)
            return;

        try
        {
            ProbeOutput.Record(_span.Activity!, Site.Kind, result, json);
        }
        catch (Exception exception)
        {
            PandaProbeEventSource.Log.TelemetryFailed("output", exception);
        }
    }

    internal void SetOutput(CollectedItems items)
    {
        if (Site.Output && IsRecording && !HasOutput())
            items.Record(_span.Activity!, Site.Kind);
    }

    internal void SetCompletionStart()
    {
        if (Site.Kind == ProbeSpanKind.Llm)
            _span.SetCompletionStartTime(DateTimeOffset.UtcNow);
    }

    internal void Fail(Exception exception) => _span.RecordException(exception);

    /// <summary>Makes the call current while its result is enumerated.</summary>
    internal void Enter()
    {
        if (_span.Activity is null)
            return;

        _activityOutside = Activity.Current;
        _ambientOutside = AmbientContext.Current;
        Activity.Current = _activityInside;
        AmbientContext.Restore(_ambientInside);
    }

    /// <summary>Restores the consumer's context, and keeps the call's own for the next <see cref="Enter"/>.</summary>
    internal void Exit()
    {
        if (_span.Activity is null)
            return;

        _activityInside = Activity.Current;
        _ambientInside = AmbientContext.Current;
        Activity.Current = _activityOutside;
        AmbientContext.Restore(_ambientOutside);
    }

    /// <summary>Ends the call where it is not current.</summary>
    internal void EndFromOutside()
    {
        if (HasEnded)
            return;

        Enter();
        End();
        Exit();
    }

    internal void End(Task ended)
    {
        if (ended.IsFaulted)
            Fail(ended.Exception.InnerExceptions[0]);
        else if (ended.IsCanceled && _span.IsMeasured)
            Fail(CancellationOf(ended));
        End();
    }

    internal void End() => _span.EndAsRecorded();

    private bool HasCompleted(Task task)
    {
        if (!task.IsCompleted)
            return false;

        if (!task.IsCompletedSuccessfully)
            End(task);
        return true;
    }

    // Registered while the call is current, so that the call is current where it ends. Unwrap passes on the result, the exceptions or the
    // cancellation.
    private Task<Task> WhenEnded(Task task)
    {
        _continues = true;
        return task.ContinueWith(
            static (ended, call) =>
            {
                ((ProbeCall)call!).End(ended);
                return ended;
            },
            this,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private void Leave()
    {
        if (_span.Activity is null)
            return;

        _activityInside = _span.Activity;
        _ambientInside = AmbientContext.Current;
        if (ReferenceEquals(Activity.Current, _span.Activity))
            Activity.Current = _activityOutside;
        AmbientContext.LeaveTo(_ambientOutside);
    }

    private bool HasOutput() =>
        _span.Activity!.GetTagItem(General.Output.Value) is not null || _span.Activity.GetTagItem(GenAI.Output.Messages) is not null;

    // Returns the exception that an await of the task throws.
    private static Exception CancellationOf(Task canceled)
    {
        try
        {
            canceled.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException exception)
        {
            return exception;
        }

        return new TaskCanceledException(canceled);
    }
}
