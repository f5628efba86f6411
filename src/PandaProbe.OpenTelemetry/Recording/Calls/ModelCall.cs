using System.Diagnostics;
using PandaProbe.Content;
using PandaProbe.Conventions;
using PandaProbe.Diagnostics;
using PandaProbe.Metrics;
using PandaProbe.Pricing;
using PandaProbe.Runtime;
using PandaProbe.Values;

namespace PandaProbe.Recording;

/// <summary>
/// One call of a wrapped client, from the request to the last piece of the answer. It has a span of its own, or writes to another library's
/// span for the same call, or is only counted by metrics. The default value records nothing.
/// </summary>
internal readonly partial struct ModelCall
{
    private readonly OpenSpan _span;
    private readonly Enrichment? _enrichment;
    private readonly SpanlessCall? _spanless;
    private readonly CallsBelow? _below;
    private readonly CallsBelow? _outer;

    private ModelCall(in OpenSpan span, Enrichment? enrichment, SpanlessCall? spanless, CallsBelow? below = null)
    {
        _span = span;
        _enrichment = enrichment;
        _spanless = spanless;
        _below = below ?? spanless?.Calls;
    }

    // For the call of a wrapper inside a wrapper. The outer wrapper records it, and needs its usage.
    private ModelCall(CallsBelow outer) => _outer = outer;

    /// <summary>Gets whether the span keeps the values that are set now.</summary>
    public bool IsRecording => _span.IsRecording;

    /// <summary>Gets whether a trace or metrics record the call.</summary>
    public bool IsMeasured => _span.IsMeasured || _outer is not null;

    public bool CapturesContent => IsRecording && ContentPolicy.Current.Capture;

    /// <summary>Returns whether traces or metrics record calls of this kind. Callers ask before anything else.</summary>
    public static bool IsWanted(ProbeSpanKind kind) => OpenSpan.IsWanted(kind);

    public static ModelCall Start(string name, ProbeSpanKind kind, string? model, string? provider)
    {
        if (!IsWanted(kind))
            return default;

        Activity? current = Activity.Current;
        bool isForeign = IsForeign(current, kind);
        if ((CallKinds.TakeOver(current, kind) ?? SpanlessCall.TakeOver(kind, isForeign)) is { } outer)
            return new(outer);

        if (isForeign && Enrichment.Of(current!) is { } enrichment)
        {
            // PandaProbe's processor writes the enrichment and counts the call. Without the processor, this call must count itself.
            return ProcessSettings.Current.HasProviders
                ? new(OpenSpan.Borrow(current!), enrichment, SpanlessCall.Begin(kind))
                : Spanless(OpenSpan.WithoutTrace(null, kind, model, provider), kind);
        }

        var span = OpenSpan.Start(name, kind, model, provider);
        if (span.Activity is not { } activity)
            return Spanless(span, kind);

        return new(span, null, null, CallKinds.Mark(activity));
    }

    public void Set(string key, object? value)
    {
        if (value is null || !_span.IsRecording)
            return;

        if (_enrichment is not null)
            _enrichment.Set(key, value);
        else
            _span.Activity.SetTag(key, value);
    }

    public void SetCount(string key, long? count)
    {
        if (count is >= 0 and { } known)
            Set(key, Boxes.Integer(known));
    }

    public void SetParameter(string key, object? value)
    {
        if (value is not null)
            Set(PrefixedNames.ModelParameters[key], value);
    }

    public void SetMetadata(string key, object? value)
    {
        if (value is not null)
            Set(PrefixedNames.Metadata[key], value);
    }

    public void SetServer(string? host, int port)
    {
        if (host is null)
            return;

        if (!IsRecording)
        {
            _span.Unrecorded?.SetServer(host, port);
            return;
        }

        Set(General.Server.Address, host);
        Set(General.Server.Port, Boxes.Integer(port));
    }

    /// <summary>Sets the requested model. <see langword="null"/> or an empty text changes nothing.</summary>
    public void SetModel(string? model)
    {
        if (string.IsNullOrEmpty(model))
            return;

        if (IsRecording)
            Set(GenAI.Request.Model, model);
        else
            _span.Unrecorded?.SetModel(model);
    }

    /// <summary>Sets the provider's conversation as the session, unless the call has a session.</summary>
    public void SetConversation(string? id)
    {
        if (string.IsNullOrEmpty(id) || !_span.IsRecording || _span.Activity.GetTagItem(General.SessionId) is not null)
            return;

        Set(General.SessionId, id);
        Set(GenAI.Conversation.Id, id);
    }

    public void SetResponse(string? id, string? model, string? finishReason)
    {
        if (!IsRecording)
        {
            if (!string.IsNullOrEmpty(model))
                _span.Unrecorded?.SetResponseModel(model);
            return;
        }

        if (!string.IsNullOrEmpty(id))
            Set(GenAI.Response.Id, id);
        if (!string.IsNullOrEmpty(model))
            Set(GenAI.Response.Model, model);
        if (!string.IsNullOrEmpty(finishReason))
            Set(GenAI.Response.FinishReasons, FinishReasons.ListOf(finishReason));
    }

    public void SetUsage(in TokenUsage usage)
    {
        if (usage.IsEmpty)
            return;

        if (_outer is not null)
        {
            _outer.First = usage;
            return;
        }

        TokenUsage own = usage;
        if (_below is { HasOthers: true })
        {
            // A sum over the trace would otherwise count the other calls twice.
            own = _below.First;
            TokenCounts sum = usage.Counts;
            foreach (UsageNames names in UsageNames.All)
                SetMetadata(UsageNames.SumPrefix + names.Keys[0], sum[names.Kind] is { } count ? Boxes.Integer(count) : null);
            if (own.IsEmpty)
                return;
        }

        if (!IsRecording)
        {
            _span.Unrecorded?.SetTokenUsage(own);
            return;
        }

        TokenCounts counts = own.Counts;
        foreach (UsageNames names in UsageNames.All)
            SetCount(names.Tag, counts[names.Kind]);
        Set(Pandaprobe.TokenCountMethod, UsageTags.Reported);
    }

    /// <summary>Returns <see langword="null"/> for zero. Providers report zero for parts that most calls do not have.</summary>
    public static long? UnlessZero(long? count) => count is 0 ? null : count;

    /// <summary>Sets a count that <see cref="TokenUsage"/> does not have, unless it is zero.</summary>
    public void SetOtherUsage(string key, long? count)
    {
        if (count is > 0)
            SetCount(PrefixedNames.Usage[key], count);
    }

    /// <summary>Counts the tokens of an answer without usage. Streams have none unless the request asks for it.</summary>
    public void CountUsage()
    {
        if (!IsRecording || _enrichment is not null || _below is { HasOthers: true } || !_span.LacksOutputTokens
            || _span.Kind != ProbeSpanKind.Llm)
        {
            return;
        }

        Activity activity = _span.Activity!;
        if (activity.GetTagItem(GenAI.Output.Messages) is ConversationContent answer
            && TokenCounting.Count(string.Concat(answer.Words.Select(message => message.Content)), _span.Model) is { } output)
        {
            _span.SetCompletionTokens(output);
        }

        if (activity.GetTagItem(GenAI.Usage.InputTokens) is null && activity.GetTagItem(GenAI.Input.Messages) is ConversationContent asked)
        {
            ProbeMessage[] instructions = activity.GetTagItem(GenAI.SystemInstructions) is PartsContent system
                ? [ProbeMessage.System(system.Words)] : [];
            _span.SetPromptTokens(TokenCounting.Count([.. instructions, .. asked.Words], _span.Model));
        }
    }

    /// <summary>Sets the cost that the provider reported, in US dollars.</summary>
    public void SetCost(decimal amount)
    {
        if (amount is < 0 or > UsageTags.LargestCost || _below is { HasOthers: true })
            return;

        if (!IsRecording)
        {
            _span.Unrecorded?.SetCost(amount, default);
            return;
        }

        object boxed = (double)amount;
        Set(Pandaprobe.Cost.Total, boxed);
        Set(GenAI.Usage.Cost, boxed);
        Set(Pandaprobe.Cost.Source, UsageTags.CostFromProvider);
    }

    /// <summary>Starts measuring a streamed answer; <see langword="null"/> when neither a trace nor metrics record the call.</summary>
    public StreamMeasurement? MeasureStream() => StreamMeasurement.Of(_span, _enrichment);

    /// <summary>Records the exception. Returns <see langword="false"/>, as an exception filter that does not catch it.</summary>
    public bool Saw(Exception exception)
    {
        // The owner of another library's span records its errors.
        if (_enrichment is null)
            _span.RecordException(exception);
        return false;
    }

    public void SetError(string? type, string? message)
    {
        if (_enrichment is not null)
            return;

        if (!_span.IsRecording)
        {
            _span.Unrecorded?.SetError(type);
            return;
        }

        if (!string.IsNullOrEmpty(type))
            _span.Activity.SetTag(General.ErrorType, type);
        ErrorTags.Record(_span.Activity, message);
    }

    /// <summary>Makes the call's span current while the client works on its stream.</summary>
    /// <param name="starts">Whether the client may still start its call. An inner wrapper must then find the call counted.</param>
    public void Enter(bool starts = false)
    {
        if (_span.Activity is { IsStopped: false } activity && !ReferenceEquals(Activity.Current, activity))
            Activity.Current = activity;
        if (starts)
            _spanless?.Enter();
    }

    /// <summary>Restores <paramref name="outside"/>, the caller's current activity.</summary>
    public void Leave(Activity? outside)
    {
        if (!ReferenceEquals(Activity.Current, outside))
            Activity.Current = outside;
        _spanless?.Leave();
    }

    public void End()
    {
        _span.EndAsRecorded();
        _spanless?.End();
    }

    /// <summary>Runs code that only telemetry needs. An exception in it does not reach the caller.</summary>
    public void Record<TState>(TState state, Action<ModelCall, TState> record)
    {
        if (!IsMeasured)
            return;

        try
        {
            record(this, state);
        }
        catch (Exception exception)
        {
            PandaProbeEventSource.Log.TelemetryFailed("model call", exception);
        }
    }

    private static ModelCall Spanless(in OpenSpan span, ProbeSpanKind kind) =>
        span.IsMeasured ? new(span, null, SpanlessCall.Begin(kind)) : default;

    // Returns whether another library's recorded span is the span of a call of this kind.
    private static bool IsForeign(Activity? activity, ProbeSpanKind kind) =>
        activity is { IsStopped: false, IsAllDataRequested: true, Kind: ActivityKind.Client }
        && !ReferenceEquals(activity.Source, ProbeSource.Instance)
        && SpanKinds.FromOperation(activity.GetTagItem(GenAI.OperationName) as string) == kind;
}
