using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using PandaProbe.Content;
using PandaProbe.Context;
using PandaProbe.Conventions;
using PandaProbe.Recording;
using PandaProbe.Values;
using static PandaProbe.Content.ContentTags;

namespace PandaProbe;

/// <summary>
/// An open trace: one run of an agent or pipeline. Dispose it with <c>using</c> (not <c>await using</c>). The default value does nothing,
/// and so does every member after the trace is disposed.
/// </summary>
public readonly partial struct TraceScope : IDisposable, IEquatable<TraceScope>
{
    private readonly OpenSpan _trace;

    internal TraceScope(in OpenSpan trace) => _trace = trace;

    /// <summary>The trace's identifier in PandaProbe; <see cref="Guid.Empty"/> when nothing is recorded.</summary>
    public Guid TraceId => Activity is { IsAllDataRequested: true } activity ? ProbeIds.TraceId(activity) : Guid.Empty;

    /// <summary>The activity underneath, for whatever this type does not offer; <see langword="null"/> when nobody listens.</summary>
    public Activity? Activity => _trace.Activity;

    /// <summary>Whether what is set here is kept. Check it before work that is only done for the trace.</summary>
    [MemberNotNullWhen(true, nameof(Activity))]
    public bool IsRecording => Activity is { IsAllDataRequested: true, IsStopped: false };

    internal bool HasOutput => Activity?.GetTagItem(General.Output.Value) is not null;

    /// <summary>Opens a span below this trace, or below the innermost span of it that is open here.</summary>
    /// <inheritdoc cref="Probe.StartSpan"/>
    public SpanScope StartSpan(string name, ProbeSpanKind kind = ProbeSpanKind.Other, string? model = null, in ProbeFields metadata = default) =>
        OpenSpan.IsWanted(kind) ? SpanScope.Start(name, kind, model, metadata, Activity) : default;

    /// <summary>What the run was asked, as text. <see langword="null"/> changes nothing.</summary>
    [OverloadResolutionPriority(2)]
    public void SetInput(string? text)
    {
        if (IsRecording)
            SetText(Activity, null, Direction.Input, text);
    }

    /// <summary>What the run was asked, as messages. Copied.</summary>
    [OverloadResolutionPriority(1)]
    public void SetInput(ReadOnlySpan<ProbeMessage> messages)
    {
        if (IsRecording)
            SetMessages(Activity, null, Direction.Input, messages);
    }

    /// <summary>What the run was asked, as messages. Copied.</summary>
    [OverloadResolutionPriority(1)]
    public void SetInput(ProbeMessage[]? messages)
    {
        if (messages is not null)
            SetInput(messages.AsSpan());
    }

    /// <summary>What the run was asked, as messages. Copied.</summary>
    public void SetInput(IEnumerable<ProbeMessage>? messages)
    {
        if (IsRecording)
            SetObject(Activity, null, Direction.Input, messages);
    }

    /// <summary>What the run was asked, as a list of texts. Copied. <see langword="null"/> changes nothing.</summary>
    public void SetInput(IEnumerable<string>? texts)
    {
        if (IsRecording)
            SetObject(Activity, null, Direction.Input, texts);
    }

    /// <summary>What the run was asked, as JSON, without reflection. Read at once: later changes to it change nothing.</summary>
    public void SetInput<T>(T value, JsonTypeInfo<T> typeInfo)
    {
        if (IsRecording)
            SetJson(Activity, null, Direction.Input, ContentSerializer.Serialize(value, typeInfo));
    }

    /// <summary>What the run was asked: any object, as JSON. Read at once: later changes to it change nothing.</summary>
    [RequiresUnreferencedCode(ContentSerializer.ReflectionMessage)]
    [RequiresDynamicCode(ContentSerializer.ReflectionMessage)]
    public void SetInput(object? value)
    {
        if (IsRecording)
            SetObject(Activity, null, Direction.Input, value);
    }

    /// <summary>What the run answered, as text. <see langword="null"/> changes nothing.</summary>
    [OverloadResolutionPriority(2)]
    public void SetOutput(string? text)
    {
        if (IsRecording)
            SetText(Activity, null, Direction.Output, text);
    }

    /// <summary>What the run answered, as messages. Copied.</summary>
    [OverloadResolutionPriority(1)]
    public void SetOutput(ReadOnlySpan<ProbeMessage> messages)
    {
        if (IsRecording)
            SetMessages(Activity, null, Direction.Output, messages);
    }

    /// <summary>What the run answered, as messages. Copied.</summary>
    [OverloadResolutionPriority(1)]
    public void SetOutput(ProbeMessage[]? messages)
    {
        if (messages is not null)
            SetOutput(messages.AsSpan());
    }

    /// <summary>What the run answered, as messages. Copied.</summary>
    public void SetOutput(IEnumerable<ProbeMessage>? messages)
    {
        if (IsRecording)
            SetObject(Activity, null, Direction.Output, messages);
    }

    /// <summary>What the run answered, as a list of texts. Copied. <see langword="null"/> changes nothing.</summary>
    public void SetOutput(IEnumerable<string>? texts)
    {
        if (IsRecording)
            SetObject(Activity, null, Direction.Output, texts);
    }

    /// <summary>What the run answered, as JSON, without reflection. Read at once: later changes to it change nothing.</summary>
    public void SetOutput<T>(T value, JsonTypeInfo<T> typeInfo)
    {
        if (IsRecording)
            SetJson(Activity, null, Direction.Output, ContentSerializer.Serialize(value, typeInfo));
    }

    /// <summary>What the run answered: any object, as JSON. Read at once: later changes to it change nothing.</summary>
    [RequiresUnreferencedCode(ContentSerializer.ReflectionMessage)]
    [RequiresDynamicCode(ContentSerializer.ReflectionMessage)]
    public void SetOutput(object? value)
    {
        if (IsRecording)
            SetObject(Activity, null, Direction.Output, value);
    }

    /// <summary>Adds metadata, or replaces what has the same key.</summary>
    public void SetMetadata(in ProbeFields metadata)
    {
        if (IsRecording)
            FieldTags.SetMetadata(Activity, metadata);
    }

    /// <summary>Adds one value to the metadata, or replaces it. <see langword="null"/> removes it.</summary>
    public void SetMetadata(string key, ProbeValue? value)
    {
        if (IsRecording)
            FieldTags.SetMetadata(Activity, key, value.GetValueOrDefault());
    }

    /// <summary>Adds one value to the metadata, any object as JSON.</summary>
    [RequiresUnreferencedCode(ContentSerializer.ReflectionMessage)]
    [RequiresDynamicCode(ContentSerializer.ReflectionMessage)]
    public void SetMetadata(string key, object? value)
    {
        if (IsRecording)
            FieldTags.SetMetadata(Activity, key, ProbeValue.FromObject(value));
    }

    /// <summary>Replaces the labels to filter by, on the trace and on what starts below it from now on. Copied.</summary>
    /// <remarks>Called in an async method, it reaches what that method starts; what its caller starts afterwards only if the trace began with a session, a user or tags.</remarks>
    public void SetTags(IEnumerable<string> tags)
    {
        if (!IsRecording)
            return;

        string[] labels = OpenSpan.Labels(tags) ?? [];
        Activity.SetTag(General.Tags, labels);
        AmbientContext.SetTags(Activity, labels);
    }

    /// <summary>Says how far the trace has come. Without it, a trace is completed when its block ends, and failed when an exception leaves it.</summary>
    public void SetStatus(ProbeTraceStatus status)
    {
        if (!IsRecording)
            return;

        Activity.SetTag(Pandaprobe.Trace.Status, TraceStatuses.Name(status));
        if (status == ProbeTraceStatus.Error && Activity.Status != ActivityStatusCode.Error)
            ErrorTags.Record(Activity, error: null);
    }

    /// <summary>Marks the trace as failed.</summary>
    /// <param name="error">What went wrong, for people.</param>
    public void SetError(string error)
    {
        if (IsRecording)
            ErrorTags.Record(Activity, error);
    }

    /// <summary>Marks the trace as failed with an exception that does not leave its block. One that does is recorded without this.</summary>
    public void RecordException(Exception exception)
    {
        if (IsRecording && exception is not null)
            ErrorTags.Record(Activity, exception);
    }

    /// <summary>Ends the trace. When an exception is leaving the <c>using</c> block, the trace fails with it. A second call does nothing.</summary>
    public void Dispose() => _trace.End();

    /// <summary>An exception filter: records and lets pass.</summary>
    internal bool Saw(Exception exception)
    {
        RecordException(exception);
        return false;
    }

    internal void SetResult(object? result)
    {
        if (IsRecording && !HasOutput)
            SetObject(Activity, null, Direction.Output, result);
    }

    /// <summary>Whether both are the same trace.</summary>
    public bool Equals(TraceScope other) => ReferenceEquals(Activity, other.Activity);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TraceScope other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Activity?.GetHashCode() ?? 0;

    /// <summary>Whether both are the same trace.</summary>
    public static bool operator ==(TraceScope left, TraceScope right) => left.Equals(right);

    /// <summary>Whether they are different traces.</summary>
    public static bool operator !=(TraceScope left, TraceScope right) => !left.Equals(right);
}
