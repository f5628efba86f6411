using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using PandaProbe.Content;
using PandaProbe.Context;
using PandaProbe.Conventions;
using PandaProbe.Diagnostics;
using PandaProbe.Metrics;
using PandaProbe.Pricing;
using PandaProbe.Tokenization;
using PandaProbe.Values;

namespace PandaProbe.Recording;

/// <summary>
/// An open span or trace: its activity or, when no trace records it, the facts for metrics. Scopes, wrapped clients, streams and methods
/// with attributes all use it. The default value does nothing.
/// </summary>
internal readonly struct OpenSpan
{
    private readonly long _mark;
    private readonly bool _ownsAmbient;

    private OpenSpan(Activity? activity, long mark, ProbeSpanKind kind, UnrecordedCall? unrecorded, bool ownsAmbient)
    {
        Activity = activity;
        Kind = kind;
        Unrecorded = unrecorded;
        _mark = mark;
        _ownsAmbient = ownsAmbient;
    }

    public Activity? Activity { get; }

    public ProbeSpanKind Kind { get; }

    /// <summary>Gets the facts for metrics of a call that no trace records.</summary>
    public UnrecordedCall? Unrecorded { get; }

    /// <summary>Gets whether the activity keeps the tags that are set now.</summary>
    [MemberNotNullWhen(true, nameof(Activity))]
    public bool IsRecording => Activity is { IsAllDataRequested: true, IsStopped: false };

    /// <summary>Gets whether a trace or metrics record this call.</summary>
    public bool IsMeasured => IsRecording || Unrecorded is not null;

    /// <summary>Gets whether this span can record a stream.</summary>
    public bool CanObserve => Unrecorded is not null || Activity is { IsStopped: false };

    public bool HasOutput => Activity?.GetTagItem(Kind == ProbeSpanKind.Llm ? GenAI.Output.Messages : General.Output.Value) is not null;

    public bool LacksOutputTokens =>
        IsRecording ? Activity.GetTagItem(GenAI.Usage.OutputTokens) is null : Unrecorded is { } call
            && call.Facts.Usage[TokenKind.Output] is null;

    /// <summary>Gets the requested model; <see langword="null"/> when it is not known.</summary>
    public string? Model => IsRecording ? Activity.GetTagItem(GenAI.Request.Model) as string : Unrecorded?.Facts.RequestModel;

    /// <summary>
    /// Returns whether traces or metrics record spans of this kind. Callers ask before <see cref="Start"/>, so that an unrecorded span
    /// costs nothing.
    /// </summary>
    public static bool IsWanted(ProbeSpanKind kind) => ProbeSource.Instance.HasListeners() || ClientMetrics.Measures(kind);

    public static OpenSpan Start(
        string name, ProbeSpanKind kind, string? model = null, string? provider = null, string? sessionId = null, string? userId = null,
        Activity? parent = null)
    {
        if (!ProbeSource.Instance.HasListeners())
            return WithoutTrace(null, kind, model, provider);

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
            return activity is not null || ClientMetrics.Measures(kind) ? WithoutTrace(activity, kind, model, provider) : default;

        if (ownsAmbient)
            AmbientContext.PushTrace(ambient, activity, sessionId, userId, tags: null);
        return new(activity, ExceptionInFlight.Mark(), kind, unrecorded: null, ownsAmbient);
    }

    /// <summary>Makes a span for a call that no trace records. Metrics count every call.</summary>
    public static OpenSpan WithoutTrace(Activity? activity, ProbeSpanKind kind, string? model, string? provider) =>
        new(activity, ExceptionInFlight.Mark(), kind, ClientMetrics.Measures(kind) ? new UnrecordedCall(kind, model, provider) : null,
            ownsAmbient: false);

    /// <summary>Starts a trace. Its session, user and tags apply to all spans below it.</summary>
    public static OpenSpan StartTrace(string name, string? sessionId, string? userId, IEnumerable<string>? tags)
    {
        var ambient = AmbientContext.ForNewTrace();
        string? session = string.IsNullOrEmpty(sessionId) ? null : sessionId;
        string? user = string.IsNullOrEmpty(userId) ? null : userId;
        string[]? labels = Labels(tags);

        if (string.IsNullOrEmpty(name))
            name = "trace";
        Surroundings surroundings = new(session ?? ambient?.Session, user ?? ambient?.User, labels ?? ambient?.Tags);
        Activity? activity = ActivityScope.Start(
            name, ActivityKind.Internal, StartTags.Trace(name, surroundings), adopter: null, trace: true);
        if (activity is null)
            return default;

        if (activity.IsAllDataRequested)
            RecentTraces.Remember(activity);
        if (session is not null || user is not null || labels is not null)
            AmbientContext.PushTrace(ambient, activity, session, user, labels);

        // Always true: SetTags may push a context later.
        return new(activity, ExceptionInFlight.Mark(), ProbeSpanKind.Other, unrecorded: null, ownsAmbient: true);
    }

    /// <summary>Makes a span for an activity that another owner ends.</summary>
    public static OpenSpan Borrow(Activity activity)
    {
        _ = SpanKinds.TryParse(activity.GetTagItem(Pandaprobe.Span.Kind) as string, out ProbeSpanKind kind);
        return new(activity, ActivityScope.Borrowed, kind, unrecorded: null, ownsAmbient: false);
    }

    /// <summary>Sets the requested model, and its provider unless the caller named one.</summary>
    public void SetModel(string model)
    {
        if (!IsRecording)
        {
            Unrecorded?.SetModel(model);
            return;
        }

        object? provider = Activity.GetTagItem(GenAI.ProviderName);
        bool isInferred = provider is null || Equals(provider, ModelProviders.Of(Activity.GetTagItem(GenAI.Request.Model) as string));
        if (isInferred && ModelProviders.Of(model) is { } known)
            Activity.SetTag(GenAI.ProviderName, known);
        Activity.SetTag(GenAI.Request.Model, model);
    }

    /// <summary>Sets the token count of the prompt that this library counted. The provider's usage replaces it.</summary>
    public void SetPromptTokens(TokenCount? count)
    {
        if (count is not { } known)
            return;

        if (IsRecording)
            UsageTags.SetCounted(Activity, GenAI.Usage.InputTokens, known);
        else
            Unrecorded?.SetCounted(known.Tokens, null);
    }

    /// <summary>Sets the token count of the answer that this library counted because the provider reported none.</summary>
    public void SetCompletionTokens(TokenCount count)
    {
        if (IsRecording)
            UsageTags.SetCounted(Activity, GenAI.Usage.OutputTokens, count);
        else
            Unrecorded?.SetCounted(null, count.Tokens);
    }

    public void SetCompletionStartTime(DateTimeOffset moment)
    {
        if (!IsRecording)
        {
            Unrecorded?.SetCompletionStartTime(moment);
            return;
        }

        Activity.SetTag(Pandaprobe.CompletionStartTime, moment.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        double seconds = (moment.UtcDateTime - Activity.StartTimeUtc).TotalSeconds;
        if (seconds < 0)
            return;

        Activity.SetTag(GenAI.Response.TimeToFirstChunk, seconds);
        Activity.SetTag(GenAI.Request.Stream, Boxes.True);
    }

    public void SetFinishReason(string reason)
    {
        if (!IsRecording || string.IsNullOrEmpty(reason))
            return;

        Activity.SetTag(GenAI.Response.FinishReasons, new[] { reason });
        if (Activity.GetTagItem(GenAI.Output.Messages) is ConversationContent content)
            content.FinishReason = reason;
    }

    public void SetError(string? error)
    {
        if (IsRecording)
            ErrorTags.Record(Activity, error);
        else
            Unrecorded?.SetError(exception: null);
    }

    public void RecordException(Exception? exception)
    {
        if (exception is null)
            return;

        if (IsRecording)
            ErrorTags.Record(Activity, exception);
        else
            Unrecorded?.SetError(exception);
    }

    /// <summary>Ends the span. An exception that is leaving the calling block fails the span.</summary>
    public void End() => End(asRecorded: false);

    /// <summary>
    /// Ends the span of a stream or of a wrapped client's call in the <see cref="ExecutionContext"/> of the consumer. Ignores an exception
    /// in flight: it belongs to the consumer, and the call's own exception is recorded already.
    /// </summary>
    public void EndAsRecorded()
    {
        if (_mark != ActivityScope.Borrowed)
            End(asRecorded: true);
    }

    private void End(bool asRecorded)
    {
        // Needed also when the activity has ended: the scope was opened in this ExecutionContext.
        if (_ownsAmbient)
            AmbientContext.PopTrace(Activity!);

        if (asRecorded)
            Unrecorded?.End();
        else
            Unrecorded?.End(_mark);
        if (Activity is null)
            return;

        bool measures = _mark != ActivityScope.Borrowed && IsRecording && ClientMetrics.MeasuresWithoutProcessor(Kind);
        if (asRecorded)
            ActivityScope.End(Activity);
        else
            ActivityScope.End(Activity, _mark);
        if (measures)
            ClientMetrics.Record(Activity);
    }

    /// <summary>Copies the labels that are not empty; <see langword="null"/> when there is none.</summary>
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
