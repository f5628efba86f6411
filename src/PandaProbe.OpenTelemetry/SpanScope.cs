using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
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
/// Represents an open span: one step of a trace. Dispose it with <c>using</c> (not <c>await using</c>). The default value does nothing.
/// After <see cref="Dispose"/>, setters do nothing.
/// </summary>
public readonly partial struct SpanScope : IDisposable, IEquatable<SpanScope>
{
    private readonly OpenSpan _span;

    internal SpanScope(in OpenSpan span) => _span = span;

    /// <summary>
    /// Gets the span's identifier in PandaProbe; <see cref="Guid.Empty"/> when there is no <see cref="Activity"/>. A span that a sampler
    /// dropped can have an identifier, although PandaProbe never receives it.
    /// </summary>
    public Guid SpanId => Activity is { } activity ? ProbeIds.SpanId(activity) : Guid.Empty;

    /// <summary>
    /// Gets the activity of the span, for what this type does not offer; <see langword="null"/> when nobody listens or a sampler dropped
    /// the span.
    /// </summary>
    public Activity? Activity => _span.Activity;

    /// <summary>Gets whether the span keeps the values that are set now. Check it before work that is only done for the span.</summary>
    [MemberNotNullWhen(true, nameof(Activity))]
    public bool IsRecording => _span.IsRecording;

    internal OpenSpan Open => _span;

    internal static SpanScope Start(
        string name, ProbeSpanKind kind, string? model, in ProbeFields metadata, string? provider, Activity? parent)
    {
        SpanScope span = new(OpenSpan.Start(name, kind, model, provider, parent: parent));
        span.SetMetadata(metadata);
        return span;
    }

    /// <summary>Starts a span below this one, or below the current span when that is a descendant of this one.</summary>
    /// <inheritdoc cref="Probe.StartSpan"/>
    public SpanScope StartSpan(
        string name, ProbeSpanKind kind = ProbeSpanKind.Other, string? model = null, in ProbeFields metadata = default,
        string? provider = null) =>
            OpenSpan.IsWanted(kind) ? Start(name, kind, model, metadata, provider, Activity) : default;

    /// <summary>Sets the requested model. <see langword="null"/> or an empty text changes nothing.</summary>
    public void SetModel(string model)
    {
        if (!string.IsNullOrEmpty(model))
            _span.SetModel(model);
    }

    /// <summary>
    /// Sets the model that the provider reports in its answer, often a dated version of the requested one. <see langword="null"/> or an
    /// empty text changes nothing.
    /// </summary>
    public void SetResponseModel(string model)
    {
        if (string.IsNullOrEmpty(model))
            return;

        if (IsRecording)
            Activity.SetTag(GenAI.Response.Model, model);
        else
            _span.Unrecorded?.SetResponseModel(model);
    }

    /// <summary>
    /// Sets the provider of the model, by OpenTelemetry's name: <c>openai</c>, <c>anthropic</c>, <c>azure.ai.openai</c>,
    /// <c>aws.bedrock</c>, <c>gcp.gemini</c>, … Without a call, the model's name tells it where it can. <see langword="null"/> or an empty
    /// text changes nothing.
    /// </summary>
    public void SetProvider(string provider)
    {
        if (string.IsNullOrEmpty(provider))
            return;

        if (IsRecording)
            Activity.SetTag(GenAI.ProviderName, provider);
        else
            _span.Unrecorded?.SetProvider(provider);
    }

    /// <summary>
    /// Sets the token counts that the provider reported. <see langword="null"/> leaves a count as it was. A count that is negative or
    /// absurdly large is refused, and the metadata says so.
    /// </summary>
    /// <param name="promptTokens">The number of all tokens of the prompt, including cached ones.</param>
    /// <param name="completionTokens">The number of all tokens of the answer, including reasoning.</param>
    /// <param name="details">Further counts: <c>reasoning_tokens</c>, <c>cache_read_tokens</c>, <c>cache_creation_tokens</c>, or a key of
    /// your own.</param>
    public void SetTokenUsage(long? promptTokens = null, long? completionTokens = null, in ProbeFields details = default)
    {
        if (IsRecording)
            UsageTags.SetTokenUsage(Activity, promptTokens, completionTokens, details);
        else
            _span.Unrecorded?.SetTokenUsage(promptTokens, completionTokens, details);
    }

    /// <summary>
    /// Sets the token counts that the provider reported. Build them with <see cref="TokenUsage.Inclusive"/> for most providers, with
    /// <see cref="TokenUsage.Exclusive"/> for Anthropic.
    /// </summary>
    public void SetTokenUsage(TokenUsage usage)
    {
        if (IsRecording)
            UsageTags.SetTokenUsage(Activity, usage);
        else
            _span.Unrecorded?.SetTokenUsage(usage);
    }

    /// <summary>
    /// Sets parameters of the call: <c>temperature</c>, <c>top_p</c>, <c>max_tokens</c>, <c>seed</c>, or any of your provider's.
    /// </summary>
    public void SetModelParameters(in ProbeFields parameters)
    {
        if (IsRecording)
            FieldTags.SetModelParameters(Activity, parameters);
    }

    /// <summary>Sets the cost of the call in US dollars. Overrides the cost from a price book.</summary>
    /// <param name="total">The total in US dollars; <see langword="null"/> takes the sum of <paramref name="parts"/>.</param>
    /// <param name="parts">The parts of the total in US dollars, for example <c>input</c> and <c>output</c>.</param>
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

    /// <summary>Sets when the first part of the answer arrived.</summary>
    public void SetCompletionStartTime(DateTimeOffset moment) => _span.SetCompletionStartTime(moment);

    /// <summary>
    /// Sets why the model stopped: <c>stop</c>, <c>length</c>, <c>tool_calls</c>, <c>content_filter</c>, … <see langword="null"/> or an
    /// empty text changes nothing.
    /// </summary>
    public void SetFinishReason(string reason) => _span.SetFinishReason(reason);

    /// <summary>Marks the span as failed.</summary>
    /// <param name="error">A message for people.</param>
    public void SetError(string error) => _span.SetError(error);

    /// <summary>
    /// Marks the span as failed with an exception that your code catches inside the block. An exception that leaves the block is recorded
    /// without this call. <see langword="null"/> changes nothing.
    /// </summary>
    public void RecordException(Exception exception) => _span.RecordException(exception);

    /// <summary>Adds metadata. Replaces values that have the same keys.</summary>
    /// <inheritdoc cref="SetMetadata(string, ProbeValue?)" path="/remarks"/>
    public void SetMetadata(in ProbeFields metadata)
    {
        if (!IsRecording && _span.Unrecorded is null)
            return;

        for (int i = 0; i < metadata.Count; i++)
            SetMetadata(metadata[i].Key, metadata[i].Value);
        foreach ((string? key, ProbeValue value) in metadata.ReadSource())
            SetMetadata(key, value);
    }

    /// <summary>Adds or replaces one value of the metadata. <see langword="null"/> removes it.</summary>
    /// <remarks>
    /// Keys of other SDKs set the matching property of the span instead: <c>prompt_tokens</c>, <c>completion_tokens</c>,
    /// <c>actual_model</c>, <c>session_id</c>, <c>finish_reason</c> and <c>retry_count</c>.
    /// </remarks>
    public void SetMetadata(string key, ProbeValue? value)
    {
        if ((IsRecording || _span.Unrecorded is not null) && !TrySetKnown(key, value.GetValueOrDefault()) && IsRecording)
            FieldTags.SetMetadata(Activity, key, value.GetValueOrDefault());
    }

    /// <summary>Adds or replaces one value of the metadata, any object as JSON. <see langword="null"/> removes it.</summary>
    [RequiresUnreferencedCode(ContentSerializer.ReflectionMessage)]
    [RequiresDynamicCode(ContentSerializer.ReflectionMessage)]
    public void SetMetadata(string key, object? value)
    {
        if (IsRecording || _span.Unrecorded is not null)
            SetMetadata(key, ProbeValue.FromObject(value));
    }

    /// <summary>Ends the span. An exception that is leaving the <c>using</c> block fails the span. A second call does nothing.</summary>
    public void Dispose()
    {
        if (_span.Activity is not null || _span.Unrecorded is not null)
            _span.End();
    }

    /// <summary>Records the exception. Returns <see langword="false"/>, as an exception filter that does not catch it.</summary>
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

    /// <summary>Returns whether both stand for the same activity.</summary>
    public bool Equals(SpanScope other) => ReferenceEquals(Activity, other.Activity);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SpanScope other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Activity?.GetHashCode() ?? 0;

    /// <inheritdoc cref="Equals(SpanScope)"/>
    public static bool operator ==(SpanScope left, SpanScope right) => left.Equals(right);

    /// <summary>Returns whether they stand for different activities.</summary>
    public static bool operator !=(SpanScope left, SpanScope right) => !left.Equals(right);
}
