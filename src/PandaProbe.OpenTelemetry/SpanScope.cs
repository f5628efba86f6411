using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using PandaProbe.Content;
using PandaProbe.Context;
using PandaProbe.Conventions;
using PandaProbe.Export;
using PandaProbe.Metrics;
using PandaProbe.Pricing;
using PandaProbe.Processing;
using static PandaProbe.Content.ContentTags;

namespace PandaProbe;

/// <summary>
/// An open span: one step of a trace. Dispose it with <c>using</c> (not <c>await using</c>). The default value does nothing,
/// and so does every member after the span is disposed.
/// </summary>
public readonly partial struct SpanScope : IDisposable, IEquatable<SpanScope>
{
    private readonly Activity? _activity;
    private readonly long _mark;
    private readonly UnrecordedCall? _call;
    private readonly ProbeSpanKind _kind;
    private readonly bool _ownsAmbient;

    private SpanScope(Activity? activity, long mark, ProbeSpanKind kind, UnrecordedCall? call = null, bool ownsAmbient = false)
    {
        _activity = activity;
        _mark = mark;
        _kind = kind;
        _call = call;
        _ownsAmbient = ownsAmbient;
    }

    /// <summary>The span's identifier in PandaProbe; <see cref="Guid.Empty"/> when nothing is recorded.</summary>
    public Guid SpanId => _activity is null ? Guid.Empty : ProbeIds.SpanId(_activity);

    /// <summary>The activity underneath, for whatever this type does not offer; <see langword="null"/> when nobody listens.</summary>
    public Activity? Activity => _activity;

    /// <summary>Whether what is set here is kept. Check it before work that is only done for the span.</summary>
    [MemberNotNullWhen(true, nameof(_activity), nameof(Activity))]
    public bool IsRecording => _activity is { IsAllDataRequested: true, IsStopped: false };

    internal bool HasOutput =>
        _activity?.GetTagItem(_kind == ProbeSpanKind.Llm ? GenAI.Output.Messages : General.Output.Value) is not null;

    /// <summary>Whether anybody wants to know of a span of this kind. Asked before <see cref="Start(string, ProbeSpanKind, string?, string?, in ProbeFields, Activity?)"/>, so that it costs nothing when nobody does.</summary>
    internal static bool IsWanted(ProbeSpanKind kind) => ProbeSource.Instance.HasListeners() || ClientMetrics.Measures(kind);

    internal static SpanScope Start(string name, ProbeSpanKind kind, string? model, string? provider, in ProbeFields metadata, Activity? parent) =>
        Start(name, kind, model, provider, sessionId: null, userId: null, metadata, parent);

    internal static SpanScope Start(
        string name, ProbeSpanKind kind, string? model, string? provider, string? sessionId, string? userId, in ProbeFields metadata, Activity? parent)
    {
        if (!ProbeSource.Instance.HasListeners())
            return Unrecorded(null, kind, model, provider);

        if (string.IsNullOrEmpty(name))
            name = SpanKinds.DefaultName(kind);
        model = string.IsNullOrEmpty(model) ? null : model;
        provider = string.IsNullOrEmpty(provider) ? null : provider;
        sessionId = string.IsNullOrEmpty(sessionId) ? null : sessionId;
        userId = string.IsNullOrEmpty(userId) ? null : userId;
        AmbientContext? ambient = AmbientContext.Current;
        Activity? adopter = ActivityScope.AdopterOf(parent);
        Surroundings surroundings = adopter is null ? Surroundings.Of(ambient) : Surroundings.Of(adopter);
        bool ownsAmbient = sessionId is not null || userId is not null;
        if (ownsAmbient)
            surroundings = surroundings with { Session = sessionId ?? surroundings.Session, User = userId ?? surroundings.User };

        Activity? activity = ActivityScope.Start(
            name, SpanKinds.ActivityKind(kind), StartTags.Span(name, kind, model, provider, surroundings), adopter);
        if (activity is not { IsAllDataRequested: true })
            return activity is not null || ClientMetrics.Measures(kind) ? Unrecorded(activity, kind, model, provider) : default;

        if (ownsAmbient)
            AmbientContext.PushTrace(ambient, activity, sessionId, userId, tags: null);

        SpanScope span = new(activity, ExceptionInFlight.Mark(), kind, call: null, ownsAmbient);
        if (!metadata.IsEmpty)
            span.SetMetadata(metadata);
        return span;
    }

    // Metrics count every call, also those that no trace shows.
    internal static SpanScope Unrecorded(Activity? activity, ProbeSpanKind kind, string? model, string? provider) =>
        new(activity, ExceptionInFlight.Mark(), kind, ClientMetrics.Measures(kind) ? new UnrecordedCall(kind, model, provider) : null);

    internal static SpanScope Borrow(Activity activity)
    {
        _ = SpanKinds.TryParse(activity.GetTagItem(Pandaprobe.Span.Kind) as string, out ProbeSpanKind kind);
        return new(activity, ActivityScope.Borrowed, kind);
    }

    /// <summary>Opens a span below this one, or below the innermost span of it that is open here.</summary>
    /// <inheritdoc cref="Probe.StartSpan"/>
    public SpanScope StartSpan(string name, ProbeSpanKind kind = ProbeSpanKind.Other, string? model = null, in ProbeFields metadata = default) =>
        IsWanted(kind) ? Start(name, kind, model, provider: null, metadata, _activity) : default;

    /// <summary>What the step was given, as text: the user's message for a model, plain text otherwise. <see langword="null"/> changes nothing.</summary>
    public void SetInput(string? text)
    {
        if (IsRecording)
            SetText(_activity, _kind, Direction.Input, text);
    }

    /// <summary>What the step was given, as messages. Copied; turned into JSON only when the span is exported.</summary>
    public void SetInput(ReadOnlySpan<ProbeMessage> messages)
    {
        if (IsRecording)
            SetMessages(_activity, _kind, Direction.Input, messages.ToArray());
    }

    /// <summary>What the step was given, as messages. Copied; turned into JSON only when the span is exported.</summary>
    public void SetInput(ProbeMessage[]? messages)
    {
        if (messages is not null)
            SetInput(messages.AsSpan());
    }

    /// <summary>What the step was given, as messages. Copied; turned into JSON only when the span is exported.</summary>
    public void SetInput(IEnumerable<ProbeMessage>? messages)
    {
        if (IsRecording)
            SetObject(_activity, _kind, Direction.Input, messages);
    }

    /// <summary>What the step was given, as JSON, without reflection. Read at once: later changes to it change nothing.</summary>
    public void SetInput<T>(T value, JsonTypeInfo<T> typeInfo)
    {
        if (IsRecording)
            SetJson(_activity, _kind, Direction.Input, ContentSerializer.Serialize(value, typeInfo));
    }

    /// <summary>What the step was given: any object, as JSON. Read at once: later changes to it change nothing.</summary>
    [RequiresUnreferencedCode(ContentSerializer.ReflectionMessage)]
    [RequiresDynamicCode(ContentSerializer.ReflectionMessage)]
    public void SetInput(object? value)
    {
        if (IsRecording)
            SetObject(_activity, _kind, Direction.Input, value);
    }

    /// <summary>What the step gave back, as text: the assistant's message for a model, plain text otherwise. <see langword="null"/> changes nothing.</summary>
    public void SetOutput(string? text)
    {
        if (IsRecording)
            SetText(_activity, _kind, Direction.Output, text);
    }

    /// <summary>What the step gave back, as messages. Copied; turned into JSON only when the span is exported.</summary>
    public void SetOutput(ReadOnlySpan<ProbeMessage> messages)
    {
        if (IsRecording)
            SetMessages(_activity, _kind, Direction.Output, messages.ToArray());
    }

    /// <summary>What the step gave back, as messages. Copied; turned into JSON only when the span is exported.</summary>
    public void SetOutput(ProbeMessage[]? messages)
    {
        if (messages is not null)
            SetOutput(messages.AsSpan());
    }

    /// <summary>What the step gave back, as messages. Copied; turned into JSON only when the span is exported.</summary>
    public void SetOutput(IEnumerable<ProbeMessage>? messages)
    {
        if (IsRecording)
            SetObject(_activity, _kind, Direction.Output, messages);
    }

    /// <summary>What the step gave back, as JSON, without reflection. Read at once: later changes to it change nothing.</summary>
    public void SetOutput<T>(T value, JsonTypeInfo<T> typeInfo)
    {
        if (IsRecording)
            SetJson(_activity, _kind, Direction.Output, ContentSerializer.Serialize(value, typeInfo));
    }

    /// <summary>What the step gave back: any object, as JSON. Read at once: later changes to it change nothing.</summary>
    [RequiresUnreferencedCode(ContentSerializer.ReflectionMessage)]
    [RequiresDynamicCode(ContentSerializer.ReflectionMessage)]
    public void SetOutput(object? value)
    {
        if (IsRecording)
            SetObject(_activity, _kind, Direction.Output, value);
    }

    /// <summary>The model that was asked.</summary>
    public void SetModel(string model)
    {
        if (string.IsNullOrEmpty(model))
            return;

        if (IsRecording)
            _activity.SetTag(GenAI.Request.Model, model);
        else
            _call?.SetModel(model);
    }

    /// <summary>The model that answered, when the provider says so: often a dated version of the one that was asked.</summary>
    public void SetResponseModel(string model)
    {
        if (string.IsNullOrEmpty(model))
            return;

        if (IsRecording)
            _activity.SetTag(GenAI.Response.Model, model);
        else
            _call?.SetResponseModel(model);
    }

    /// <summary>Who serves the model, by OpenTelemetry's name: <c>openai</c>, <c>anthropic</c>, <c>azure.ai.openai</c>, <c>aws.bedrock</c>, <c>gcp.gemini</c>, …</summary>
    public void SetProvider(string provider)
    {
        if (string.IsNullOrEmpty(provider))
            return;

        if (IsRecording)
            _activity.SetTag(GenAI.ProviderName, provider);
        else
            _call?.SetProvider(provider);
    }

    /// <summary>The tokens that the provider reported. What is <see langword="null"/> stays as it was; a negative count is refused, with a note in the metadata.</summary>
    /// <param name="promptTokens">All tokens of the prompt, cached ones included.</param>
    /// <param name="completionTokens">All tokens of the answer, reasoning included.</param>
    /// <param name="details">Parts of these and anything else: <c>reasoning_tokens</c>, <c>cache_read_tokens</c>, <c>cache_creation_tokens</c>, or a key of your own.</param>
    public void SetTokenUsage(long? promptTokens = null, long? completionTokens = null, in ProbeFields details = default)
    {
        if (IsRecording)
            UsageTags.SetTokenUsage(_activity, promptTokens, completionTokens, details);
        else
            _call?.SetTokenUsage(promptTokens, completionTokens, details);
    }

    /// <summary>
    /// The tokens that the provider reported, once you have said how its counts relate to each other: <see cref="TokenUsage.Inclusive(long?, long?, long?, long?, long?, long?, long?, long?, long?, long?, long?)"/> for most,
    /// <see cref="TokenUsage.Exclusive"/> for Anthropic.
    /// </summary>
    public void SetTokenUsage(TokenUsage usage)
    {
        if (IsRecording)
            UsageTags.SetTokenUsage(_activity, usage);
        else
            _call?.SetTokenUsage(usage);
    }

    /// <summary>The parameters of the call: <c>temperature</c>, <c>top_p</c>, <c>max_tokens</c>, <c>seed</c>, or any of your provider's.</summary>
    public void SetModelParameters(in ProbeFields parameters)
    {
        if (IsRecording)
            FieldTags.SetModelParameters(_activity, parameters);
    }

    /// <summary>What the call cost, in US dollars. Wins over a cost computed from a price book.</summary>
    /// <param name="total">The whole cost; <see langword="null"/> for the sum of the parts.</param>
    /// <param name="parts">What it is made of, for example <c>input</c> and <c>output</c>.</param>
    [OverloadResolutionPriority(1)]
    public void SetCost(decimal? total, in ProbeFields parts = default)
    {
        if (IsRecording)
            UsageTags.SetCost(_activity, total, parts);
        else
            _call?.SetCost(total, parts);
    }

    /// <inheritdoc cref="SetCost(decimal?, in ProbeFields)"/>
    public void SetCost(double total, in ProbeFields parts = default)
    {
        if (((ProbeValue)total).TryGetDecimal(out decimal amount))
            SetCost((decimal?)amount, parts);
        else if (IsRecording)
            FieldTags.Refuse(_activity, "cost", $"{total.ToString(CultureInfo.InvariantCulture)} is not a cost");
    }

    /// <summary>When the first part of the answer arrived.</summary>
    public void SetCompletionStartTime(DateTimeOffset moment)
    {
        if (!IsRecording)
        {
            _call?.SetCompletionStartTime(moment);
            return;
        }

        _activity.SetTag(Pandaprobe.CompletionStartTime, moment.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        double seconds = (moment.UtcDateTime - _activity.StartTimeUtc).TotalSeconds;
        if (seconds >= 0)
            _activity.SetTag(GenAI.Response.TimeToFirstChunk, seconds);
    }

    /// <summary>Why the model stopped: <c>stop</c>, <c>length</c>, <c>tool_call</c>, <c>content_filter</c>, …</summary>
    public void SetFinishReason(string reason)
    {
        if (!IsRecording || string.IsNullOrEmpty(reason))
            return;

        _activity.SetTag(GenAI.Response.FinishReasons, new[] { reason });
        if (_activity.GetTagItem(GenAI.Output.Messages) is MessagesContent content)
            content.FinishReason = reason;
    }

    /// <summary>Marks the span as failed.</summary>
    /// <param name="error">What went wrong, for people.</param>
    public void SetError(string error)
    {
        if (IsRecording)
            ErrorTags.Record(_activity, error);
        else
            _call?.SetError(exception: null);
    }

    /// <summary>Marks the span as failed with an exception that does not leave its block. One that does is recorded without this.</summary>
    public void RecordException(Exception exception)
    {
        if (exception is null)
            return;

        if (IsRecording)
            ErrorTags.Record(_activity, exception);
        else
            _call?.SetError(exception);
    }

    /// <summary>Adds metadata, or replaces what has the same key.</summary>
    /// <inheritdoc cref="SetMetadata(string, ProbeValue)" path="/remarks"/>
    public void SetMetadata(in ProbeFields metadata)
    {
        if (!IsRecording && _call is null)
            return;

        for (int i = 0; i < metadata.Count; i++)
            SetMetadata(metadata[i].Key, metadata[i].Value);
        foreach (var (key, value) in metadata.ReadSource())
            SetMetadata(key, value);
    }

    /// <summary>Adds one value to the metadata, or replaces it. <see langword="null"/> removes it.</summary>
    /// <remarks>
    /// Keys that other SDKs use for what has a place of its own go there: <c>prompt_tokens</c>, <c>completion_tokens</c>, <c>actual_model</c>,
    /// <c>session_id</c>, <c>finish_reason</c> and <c>retry_count</c>.
    /// </remarks>
    public void SetMetadata(string key, ProbeValue value)
    {
        if ((IsRecording || _call is not null) && !TrySetKnown(key, value) && IsRecording)
            FieldTags.SetMetadata(_activity, key, value);
    }

    /// <summary>Adds one value to the metadata, any object as JSON.</summary>
    [RequiresUnreferencedCode(ContentSerializer.ReflectionMessage)]
    [RequiresDynamicCode(ContentSerializer.ReflectionMessage)]
    public void SetMetadata(string key, object? value)
    {
        if (IsRecording || _call is not null)
            SetMetadata(key, ProbeValue.FromObject(value));
    }

    /// <summary>Ends the span. When an exception is leaving the <c>using</c> block, the span fails with it. A second call does nothing.</summary>
    public void Dispose()
    {
        if (_activity is not null || _call is not null)
            End();
    }

    private void End()
    {
        // In this flow, even when the span was ended in another one.
        if (_ownsAmbient)
            AmbientContext.PopTrace(_activity!);

        _call?.End(_mark);
        if (_activity is null)
            return;

        bool measures = !_activity.IsStopped && _activity.IsAllDataRequested && ClientMetrics.MeasuresWithoutProcessor(_kind) && _mark != ActivityScope.Borrowed;
        ActivityScope.End(_activity, _mark);
        if (measures)
            ClientMetrics.Record(_activity);
    }

    /// <summary>An exception filter: records and lets pass.</summary>
    internal bool Saw(Exception exception)
    {
        RecordException(exception);
        return false;
    }

    internal void SetResult(object? result)
    {
        if (IsRecording && !HasOutput)
            SetObject(_activity, _kind, Direction.Output, result);
    }

    /// <summary>Whether both are the same span.</summary>
    public bool Equals(SpanScope other) => ReferenceEquals(_activity, other._activity);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SpanScope other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _activity?.GetHashCode() ?? 0;

    /// <summary>Whether both are the same span.</summary>
    public static bool operator ==(SpanScope left, SpanScope right) => left.Equals(right);

    /// <summary>Whether they are different spans.</summary>
    public static bool operator !=(SpanScope left, SpanScope right) => !left.Equals(right);
}
