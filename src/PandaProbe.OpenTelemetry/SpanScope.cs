using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using PandaProbe.Content;
using PandaProbe.Context;
using PandaProbe.Conventions;
using PandaProbe.Metrics;
using PandaProbe.Pricing;
using PandaProbe.Recording;
using PandaProbe.Values;
using static PandaProbe.Content.ContentTags;

namespace PandaProbe;

/// <summary>
/// An open span: one step of a trace. Dispose it with <c>using</c> (not <c>await using</c>). The default value does nothing,
/// and so does every member after the span is disposed.
/// </summary>
public readonly partial struct SpanScope : IDisposable, IEquatable<SpanScope>
{
    private readonly OpenSpan _span;

    internal SpanScope(in OpenSpan span) => _span = span;

    /// <summary>Gets the span's identifier in PandaProbe; <see cref="Guid.Empty"/> when nobody listens.</summary>
    public Guid SpanId => Activity is { } activity ? ProbeIds.SpanId(activity) : Guid.Empty;

    /// <summary>Gets the activity underneath, for what this type does not offer; <see langword="null"/> when nobody listens.</summary>
    public Activity? Activity => _span.Activity;

    /// <summary>Gets whether what is set here is kept. Check it before work that is only done for the span.</summary>
    [MemberNotNullWhen(true, nameof(Activity))]
    public bool IsRecording => _span.IsRecording;

    internal OpenSpan Open => _span;

    internal static SpanScope Start(string name, ProbeSpanKind kind, string? model, in ProbeFields metadata, Activity? parent)
    {
        SpanScope span = new(OpenSpan.Start(name, kind, model, parent: parent));
        span.SetMetadata(metadata);
        return span;
    }

    /// <summary>Opens a span below this one, or below the innermost span of it that is open here.</summary>
    /// <inheritdoc cref="Probe.StartSpan"/>
    public SpanScope StartSpan(string name, ProbeSpanKind kind = ProbeSpanKind.Other, string? model = null, in ProbeFields metadata = default) =>
        OpenSpan.IsWanted(kind) ? Start(name, kind, model, metadata, Activity) : default;

    /// <summary>What the step was given, as text: the user's message for a model, plain text otherwise. <see langword="null"/> changes nothing.</summary>
    [OverloadResolutionPriority(2)]
    public void SetInput(string? text)
    {
        if (IsRecording)
            SetText(Activity, _span.Kind, Direction.Input, text);
    }

    /// <summary>What the step was given, as messages. Copied; turned into JSON only when the span is exported.</summary>
    [OverloadResolutionPriority(1)]
    public void SetInput(ReadOnlySpan<ProbeMessage> messages)
    {
        if (IsRecording)
            SetMessages(Activity, _span.Kind, Direction.Input, messages);
    }

    /// <summary>What the step was given, as messages. Copied; turned into JSON only when the span is exported.</summary>
    [OverloadResolutionPriority(1)]
    public void SetInput(ProbeMessage[]? messages)
    {
        if (messages is not null)
            SetInput(messages.AsSpan());
    }

    /// <summary>What the step was given, as messages. Copied; turned into JSON only when the span is exported.</summary>
    public void SetInput(IEnumerable<ProbeMessage>? messages)
    {
        if (IsRecording)
            SetObject(Activity, _span.Kind, Direction.Input, messages);
    }

    /// <summary>What the step was given, as a list of texts. Copied. <see langword="null"/> changes nothing.</summary>
    public void SetInput(IEnumerable<string>? texts)
    {
        if (IsRecording)
            SetObject(Activity, _span.Kind, Direction.Input, texts);
    }

    /// <summary>What the step was given, as JSON, without reflection. Read at once: later changes to it change nothing.</summary>
    public void SetInput<T>(T value, JsonTypeInfo<T> typeInfo)
    {
        if (IsRecording)
            SetJson(Activity, _span.Kind, Direction.Input, ContentSerializer.Serialize(value, typeInfo));
    }

    /// <summary>What the step was given: any object, as JSON. Read at once: later changes to it change nothing.</summary>
    [RequiresUnreferencedCode(ContentSerializer.ReflectionMessage)]
    [RequiresDynamicCode(ContentSerializer.ReflectionMessage)]
    public void SetInput(object? value)
    {
        if (IsRecording)
            SetObject(Activity, _span.Kind, Direction.Input, value);
    }

    /// <summary>What the step gave back, as text: the assistant's message for a model, plain text otherwise. <see langword="null"/> changes nothing.</summary>
    [OverloadResolutionPriority(2)]
    public void SetOutput(string? text)
    {
        if (IsRecording)
            SetText(Activity, _span.Kind, Direction.Output, text);
    }

    /// <summary>What the step gave back, as messages. Copied; turned into JSON only when the span is exported.</summary>
    [OverloadResolutionPriority(1)]
    public void SetOutput(ReadOnlySpan<ProbeMessage> messages)
    {
        if (IsRecording)
            SetMessages(Activity, _span.Kind, Direction.Output, messages);
    }

    /// <summary>What the step gave back, as messages. Copied; turned into JSON only when the span is exported.</summary>
    [OverloadResolutionPriority(1)]
    public void SetOutput(ProbeMessage[]? messages)
    {
        if (messages is not null)
            SetOutput(messages.AsSpan());
    }

    /// <summary>What the step gave back, as messages. Copied; turned into JSON only when the span is exported.</summary>
    public void SetOutput(IEnumerable<ProbeMessage>? messages)
    {
        if (IsRecording)
            SetObject(Activity, _span.Kind, Direction.Output, messages);
    }

    /// <summary>What the step gave back, as a list of texts. Copied. <see langword="null"/> changes nothing.</summary>
    public void SetOutput(IEnumerable<string>? texts)
    {
        if (IsRecording)
            SetObject(Activity, _span.Kind, Direction.Output, texts);
    }

    /// <summary>What the step gave back, as JSON, without reflection. Read at once: later changes to it change nothing.</summary>
    public void SetOutput<T>(T value, JsonTypeInfo<T> typeInfo)
    {
        if (IsRecording)
            SetJson(Activity, _span.Kind, Direction.Output, ContentSerializer.Serialize(value, typeInfo));
    }

    /// <summary>What the step gave back: any object, as JSON. Read at once: later changes to it change nothing.</summary>
    [RequiresUnreferencedCode(ContentSerializer.ReflectionMessage)]
    [RequiresDynamicCode(ContentSerializer.ReflectionMessage)]
    public void SetOutput(object? value)
    {
        if (IsRecording)
            SetObject(Activity, _span.Kind, Direction.Output, value);
    }

    /// <summary>The model that was asked.</summary>
    public void SetModel(string model)
    {
        if (string.IsNullOrEmpty(model))
            return;

        if (IsRecording)
            Activity.SetTag(GenAI.Request.Model, model);
        else
            _span.Unrecorded?.SetModel(model);
    }

    /// <summary>The model that answered, when the provider says so: often a dated version of the one that was asked.</summary>
    public void SetResponseModel(string model)
    {
        if (string.IsNullOrEmpty(model))
            return;

        if (IsRecording)
            Activity.SetTag(GenAI.Response.Model, model);
        else
            _span.Unrecorded?.SetResponseModel(model);
    }

    /// <summary>Who serves the model, by OpenTelemetry's name: <c>openai</c>, <c>anthropic</c>, <c>azure.ai.openai</c>, <c>aws.bedrock</c>, <c>gcp.gemini</c>, …</summary>
    public void SetProvider(string provider)
    {
        if (string.IsNullOrEmpty(provider))
            return;

        if (IsRecording)
            Activity.SetTag(GenAI.ProviderName, provider);
        else
            _span.Unrecorded?.SetProvider(provider);
    }

    /// <summary>The tokens that the provider reported. What is <see langword="null"/> stays as it was; a negative count is refused, with a note in the metadata.</summary>
    /// <param name="promptTokens">All tokens of the prompt, cached ones included.</param>
    /// <param name="completionTokens">All tokens of the answer, reasoning included.</param>
    /// <param name="details">Parts of these and anything else: <c>reasoning_tokens</c>, <c>cache_read_tokens</c>, <c>cache_creation_tokens</c>, or a key of your own.</param>
    public void SetTokenUsage(long? promptTokens = null, long? completionTokens = null, in ProbeFields details = default)
    {
        if (IsRecording)
            UsageTags.SetTokenUsage(Activity, promptTokens, completionTokens, details);
        else
            _span.Unrecorded?.SetTokenUsage(promptTokens, completionTokens, details);
    }

    /// <summary>
    /// The tokens that the provider reported, once you have said how its counts relate to each other: <see cref="TokenUsage.Inclusive(long?, long?, long?, long?, long?, long?, long?, long?, long?, long?, long?)"/> for most,
    /// <see cref="TokenUsage.Exclusive"/> for Anthropic.
    /// </summary>
    public void SetTokenUsage(TokenUsage usage)
    {
        if (IsRecording)
            UsageTags.SetTokenUsage(Activity, usage);
        else
            _span.Unrecorded?.SetTokenUsage(usage);
    }

    /// <summary>The parameters of the call: <c>temperature</c>, <c>top_p</c>, <c>max_tokens</c>, <c>seed</c>, or any of your provider's.</summary>
    public void SetModelParameters(in ProbeFields parameters)
    {
        if (IsRecording)
            FieldTags.SetModelParameters(Activity, parameters);
    }

    /// <summary>What the call cost, in US dollars. Wins over a cost computed from a price book.</summary>
    /// <param name="total">The whole cost; <see langword="null"/> for the sum of the parts.</param>
    /// <param name="parts">What it is made of, for example <c>input</c> and <c>output</c>.</param>
    [OverloadResolutionPriority(1)]
    public void SetCost(decimal? total, in ProbeFields parts = default)
    {
        if (IsRecording)
            UsageTags.SetCost(Activity, total, parts);
        else
            _span.Unrecorded?.SetCost(total, parts);
    }

    /// <inheritdoc cref="SetCost(decimal?, in ProbeFields)"/>
    public void SetCost(double? total, in ProbeFields parts = default)
    {
        if (total is null)
            SetCost((decimal?)null, parts);
        else if (((ProbeValue)total.Value).TryGetDecimal(out decimal amount))
            SetCost((decimal?)amount, parts);
        else if (IsRecording)
            FieldTags.Refuse(Activity, "cost", $"{total.Value.ToString(CultureInfo.InvariantCulture)} is not a cost");
    }

    /// <summary>When the first part of the answer arrived.</summary>
    public void SetCompletionStartTime(DateTimeOffset moment) => _span.SetCompletionStartTime(moment);

    /// <summary>Why the model stopped: <c>stop</c>, <c>length</c>, <c>tool_calls</c>, <c>content_filter</c>, …</summary>
    public void SetFinishReason(string reason) => _span.SetFinishReason(reason);

    /// <summary>Marks the span as failed.</summary>
    /// <param name="error">What went wrong, for people.</param>
    public void SetError(string error) => _span.SetError(error);

    /// <summary>Marks the span as failed with an exception that does not leave its block. One that does is recorded without this.</summary>
    public void RecordException(Exception exception) => _span.RecordException(exception);

    /// <summary>Adds metadata, or replaces what has the same key.</summary>
    /// <inheritdoc cref="SetMetadata(string, ProbeValue?)" path="/remarks"/>
    public void SetMetadata(in ProbeFields metadata)
    {
        if (!IsRecording && _span.Unrecorded is null)
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
    public void SetMetadata(string key, ProbeValue? value)
    {
        if ((IsRecording || _span.Unrecorded is not null) && !TrySetKnown(key, value.GetValueOrDefault()) && IsRecording)
            FieldTags.SetMetadata(Activity, key, value.GetValueOrDefault());
    }

    /// <summary>Adds one value to the metadata, any object as JSON.</summary>
    [RequiresUnreferencedCode(ContentSerializer.ReflectionMessage)]
    [RequiresDynamicCode(ContentSerializer.ReflectionMessage)]
    public void SetMetadata(string key, object? value)
    {
        if (IsRecording || _span.Unrecorded is not null)
            SetMetadata(key, ProbeValue.FromObject(value));
    }

    /// <summary>Ends the span. When an exception is leaving the <c>using</c> block, the span fails with it. A second call does nothing.</summary>
    public void Dispose()
    {
        if (_span.Activity is not null || _span.Unrecorded is not null)
            _span.End();
    }

    /// <summary>An exception filter: records and lets pass.</summary>
    internal bool Saw(Exception exception)
    {
        RecordException(exception);
        return false;
    }

    internal void SetResult(object? result)
    {
        if (IsRecording && !_span.HasOutput)
            SetObject(Activity, _span.Kind, Direction.Output, result);
    }

    /// <summary>Whether both are the same span.</summary>
    public bool Equals(SpanScope other) => ReferenceEquals(Activity, other.Activity);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SpanScope other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Activity?.GetHashCode() ?? 0;

    /// <summary>Whether both are the same span.</summary>
    public static bool operator ==(SpanScope left, SpanScope right) => left.Equals(right);

    /// <summary>Whether they are different spans.</summary>
    public static bool operator !=(SpanScope left, SpanScope right) => !left.Equals(right);
}
