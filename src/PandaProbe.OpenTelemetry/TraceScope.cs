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
/// Represents an open trace: one run of an agent or pipeline. Dispose it with <c>using</c> (not <c>await using</c>). The default value does
/// nothing. After <see cref="Dispose"/>, setters do nothing; scores are still recorded.
/// </summary>
public readonly partial struct TraceScope : IDisposable, IEquatable<TraceScope>
{
    private readonly OpenSpan _trace;

    internal TraceScope(in OpenSpan trace) => _trace = trace;

    /// <summary>Gets the trace's identifier in PandaProbe; <see cref="Guid.Empty"/> when the trace is not recorded.</summary>
    public Guid TraceId => Activity is { IsAllDataRequested: true } activity ? ProbeIds.TraceId(activity) : Guid.Empty;

    /// <summary>
    /// Gets the activity of the trace, for what this type does not offer; <see langword="null"/> when nobody listens or a sampler dropped
    /// the trace.
    /// </summary>
    public Activity? Activity => _trace.Activity;

    /// <summary>Gets whether the trace keeps the values that are set now. Check it before work that is only done for the trace.</summary>
    [MemberNotNullWhen(true, nameof(Activity))]
    public bool IsRecording => Activity is { IsAllDataRequested: true, IsStopped: false };

    internal bool HasOutput => Activity?.GetTagItem(General.Output.Value) is not null;

    /// <summary>Starts a span below this trace, or below the current span when that is a descendant of this trace.</summary>
    /// <inheritdoc cref="Probe.StartSpan"/>
    public SpanScope StartSpan(
        string name, ProbeSpanKind kind = ProbeSpanKind.Other, string? model = null, in ProbeFields metadata = default,
        string? provider = null) =>
            OpenSpan.IsWanted(kind) ? SpanScope.Start(name, kind, model, metadata, provider, Activity) : default;

    /// <summary>Sets the input to a text. <see langword="null"/> changes nothing.</summary>
    [OverloadResolutionPriority(2)]
    public void SetInput(string? text)
    {
        if (IsRecording)
            SetText(Activity, null, Direction.Input, text);
    }

    /// <summary>Sets the input to messages. Copied. <see langword="null"/> changes nothing.</summary>
    [OverloadResolutionPriority(1)]
    public void SetInput(ReadOnlySpan<ProbeMessage> messages)
    {
        if (IsRecording)
            SetMessages(Activity, null, Direction.Input, messages);
    }

    /// <inheritdoc cref="SetInput(ReadOnlySpan{ProbeMessage})"/>
    [OverloadResolutionPriority(1)]
    public void SetInput(ProbeMessage[]? messages)
    {
        if (messages is not null)
            SetInput(messages.AsSpan());
    }

    /// <inheritdoc cref="SetInput(ReadOnlySpan{ProbeMessage})"/>
    public void SetInput(IEnumerable<ProbeMessage>? messages)
    {
        if (IsRecording)
            SetObject(Activity, null, Direction.Input, messages);
    }

    /// <summary>Sets the input to a list of texts. Copied. <see langword="null"/> changes nothing.</summary>
    public void SetInput(IEnumerable<string>? texts)
    {
        if (IsRecording)
            SetObject(Activity, null, Direction.Input, texts);
    }

    /// <summary>
    /// Sets the input to a value as JSON, without reflection. The value is read at once; later changes to it are not recorded.
    /// </summary>
    public void SetInput<T>(T value, JsonTypeInfo<T> typeInfo)
    {
        if (IsRecording)
            SetJson(Activity, null, Direction.Input, ContentSerializer.Serialize(value, typeInfo));
    }

    /// <summary>
    /// Sets the input to any object as JSON. The object is read at once; later changes to it are not recorded. <see langword="null"/>
    /// changes nothing.
    /// </summary>
    [RequiresUnreferencedCode(ContentSerializer.ReflectionMessage)]
    [RequiresDynamicCode(ContentSerializer.ReflectionMessage)]
    public void SetInput(object? value)
    {
        if (IsRecording)
            SetObject(Activity, null, Direction.Input, value);
    }

    /// <summary>Sets the output to a text. <see langword="null"/> changes nothing.</summary>
    [OverloadResolutionPriority(2)]
    public void SetOutput(string? text)
    {
        if (IsRecording)
            SetText(Activity, null, Direction.Output, text);
    }

    /// <summary>Sets the output to messages. Copied. <see langword="null"/> changes nothing.</summary>
    [OverloadResolutionPriority(1)]
    public void SetOutput(ReadOnlySpan<ProbeMessage> messages)
    {
        if (IsRecording)
            SetMessages(Activity, null, Direction.Output, messages);
    }

    /// <inheritdoc cref="SetOutput(ReadOnlySpan{ProbeMessage})"/>
    [OverloadResolutionPriority(1)]
    public void SetOutput(ProbeMessage[]? messages)
    {
        if (messages is not null)
            SetOutput(messages.AsSpan());
    }

    /// <inheritdoc cref="SetOutput(ReadOnlySpan{ProbeMessage})"/>
    public void SetOutput(IEnumerable<ProbeMessage>? messages)
    {
        if (IsRecording)
            SetObject(Activity, null, Direction.Output, messages);
    }

    /// <summary>Sets the output to a list of texts. Copied. <see langword="null"/> changes nothing.</summary>
    public void SetOutput(IEnumerable<string>? texts)
    {
        if (IsRecording)
            SetObject(Activity, null, Direction.Output, texts);
    }

    /// <summary>
    /// Sets the output to a value as JSON, without reflection. The value is read at once; later changes to it are not recorded.
    /// </summary>
    public void SetOutput<T>(T value, JsonTypeInfo<T> typeInfo)
    {
        if (IsRecording)
            SetJson(Activity, null, Direction.Output, ContentSerializer.Serialize(value, typeInfo));
    }

    /// <summary>
    /// Sets the output to any object as JSON. The object is read at once; later changes to it are not recorded. <see langword="null"/>
    /// changes nothing.
    /// </summary>
    [RequiresUnreferencedCode(ContentSerializer.ReflectionMessage)]
    [RequiresDynamicCode(ContentSerializer.ReflectionMessage)]
    public void SetOutput(object? value)
    {
        if (IsRecording)
            SetObject(Activity, null, Direction.Output, value);
    }

    /// <summary>Adds metadata. Replaces values that have the same keys.</summary>
    public void SetMetadata(in ProbeFields metadata)
    {
        if (IsRecording)
            FieldTags.SetMetadata(Activity, metadata);
    }

    /// <summary>Adds or replaces one value of the metadata. <see langword="null"/> removes it.</summary>
    public void SetMetadata(string key, ProbeValue? value)
    {
        if (IsRecording)
            FieldTags.SetMetadata(Activity, key, value.GetValueOrDefault());
    }

    /// <summary>Adds or replaces one value of the metadata, any object as JSON. <see langword="null"/> removes it.</summary>
    [RequiresUnreferencedCode(ContentSerializer.ReflectionMessage)]
    [RequiresDynamicCode(ContentSerializer.ReflectionMessage)]
    public void SetMetadata(string key, object? value)
    {
        if (IsRecording)
            FieldTags.SetMetadata(Activity, key, ProbeValue.FromObject(value));
    }

    /// <summary>Replaces the labels of the trace and of the spans that start below it from now on. Copied.</summary>
    /// <remarks>
    /// When an async method calls this, the spans that the method starts get the labels. Spans that its caller starts afterwards get them
    /// only when the trace was started with a session, a user or tags.
    /// </remarks>
    public void SetTags(IEnumerable<string> tags)
    {
        if (!IsRecording)
            return;

        string[] labels = OpenSpan.Labels(tags) ?? [];
        Activity.SetTag(General.Tags, labels);
        AmbientContext.SetTags(Activity, labels);
    }

    /// <summary>
    /// Sets the status. Without a call, a trace is completed when its block ends, and failed when an exception leaves the block.
    /// </summary>
    public void SetStatus(ProbeTraceStatus status)
    {
        if (!IsRecording)
            return;

        Activity.SetTag(Pandaprobe.Trace.Status, TraceStatuses.Name(status));
        if (status == ProbeTraceStatus.Error && Activity.Status != ActivityStatusCode.Error)
            ErrorTags.Record(Activity, error: null);
    }

    /// <summary>Marks the trace as failed.</summary>
    /// <param name="error">A message for people.</param>
    public void SetError(string error)
    {
        if (IsRecording)
            ErrorTags.Record(Activity, error);
    }

    /// <summary>
    /// Marks the trace as failed with an exception that your code catches inside the block. An exception that leaves the block is recorded
    /// without this call. <see langword="null"/> changes nothing.
    /// </summary>
    public void RecordException(Exception exception)
    {
        if (IsRecording && exception is not null)
            ErrorTags.Record(Activity, exception);
    }

    /// <summary>Ends the trace. An exception that is leaving the <c>using</c> block fails the trace. A second call does nothing.</summary>
    public void Dispose() => _trace.End();

    /// <summary>Records the exception. Returns <see langword="false"/>, as an exception filter that does not catch it.</summary>
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

    /// <summary>Returns whether both stand for the same activity.</summary>
    public bool Equals(TraceScope other) => ReferenceEquals(Activity, other.Activity);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TraceScope other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Activity?.GetHashCode() ?? 0;

    /// <inheritdoc cref="Equals(TraceScope)"/>
    public static bool operator ==(TraceScope left, TraceScope right) => left.Equals(right);

    /// <summary>Returns whether they stand for different activities.</summary>
    public static bool operator !=(TraceScope left, TraceScope right) => !left.Equals(right);
}
