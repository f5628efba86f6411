using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using PandaProbe.Content;
using PandaProbe.Context;
using PandaProbe.Conventions;
using PandaProbe.Diagnostics;
using PandaProbe.Processing;
using PandaProbe.Usage;

namespace PandaProbe.Calls;

/// <summary>
/// One call of a wrapped client, from the request to the last piece of the answer: its span, or another library's span that already stands
/// for the call. The default value records nothing.
/// </summary>
internal readonly struct ModelCall
{
    private readonly Activity? _activity;
    private readonly Enrichment? _enrichment;

    private ModelCall(Activity activity, Enrichment? enrichment)
    {
        _activity = activity;
        _enrichment = enrichment;
    }

    /// <summary>Whether anybody wants spans: ask before anything else.</summary>
    public static bool IsWanted => ProbeSource.Instance.HasListeners();

    [MemberNotNullWhen(true, nameof(_activity))]
    public bool IsRecording => _activity is { IsAllDataRequested: true };

    public bool CapturesContent => IsRecording && ContentPolicy.Current.Capture;

    public static ModelCall Start(string name, ProbeSpanKind kind, string? model, string? provider)
    {
        if (!ProbeSource.Instance.HasListeners())
            return default;

        Activity? current = Activity.Current;
        if (current is { IsStopped: false })
        {
            if (CallKinds.TakeOver(current, kind))
                return default;
            if (!ReferenceEquals(current.Source, ProbeSource.Instance)
                && current.IsAllDataRequested
                && current.Kind == ActivityKind.Client
                && current.GetTagItem(GenAI.OperationName) as string == SpanKinds.Operation(kind)
                && Enrichment.Of(current) is { } enrichment)
                return new(current, enrichment);
        }

        if (SpanScope.Start(name, kind, model, provider, default, parent: null).Activity is not { } activity)
            return default;

        CallKinds.Mark(activity, kind);
        return new(activity, null);
    }

    public void Set(string key, object? value)
    {
        if (value is null || _activity is null)
            return;

        if (_enrichment is not null)
            _enrichment.Set(key, value);
        else
            _activity.SetTag(key, value);
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

        Set(General.Server.Address, host);
        Set(General.Server.Port, Boxes.Integer(port));
    }

    /// <summary>The provider's conversation is the session of a call that has none.</summary>
    public void SetConversation(string? id)
    {
        if (string.IsNullOrEmpty(id) || _activity is null || _activity.GetTagItem(General.SessionId) is not null)
            return;

        Set(General.SessionId, id);
        Set(GenAI.Conversation.Id, id);
    }

    /// <summary>Takes ownership of both.</summary>
    public void SetInput(MessageContent[] messages, Part[]? instructions = null)
    {
        ContentPolicy policy = ContentPolicy.Current;
        if (!IsRecording || !policy.Capture)
            return;

        if (instructions is { Length: > 0 })
        {
            MessageContent[] whole = [new("system", instructions)];
            ConversationContent.Apply(policy, whole, "input");
            Set(GenAI.SystemInstructions, new PartsContent(instructions));
        }

        NoteLength("input_original_length", ConversationContent.Apply(policy, messages, "input"));
        Set(GenAI.Input.Messages, new ConversationContent(messages, isOutput: false));
    }

    /// <summary>Takes ownership of <paramref name="messages"/>.</summary>
    public void SetOutput(MessageContent[] messages)
    {
        ContentPolicy policy = ContentPolicy.Current;
        if (!IsRecording || !policy.Capture || messages.Length == 0)
            return;

        NoteLength("output_original_length", ConversationContent.Apply(policy, messages, "output"));
        Set(GenAI.Output.Messages, new ConversationContent(messages, isOutput: true));
    }

    /// <summary>Content beside the conversation, such as the definitions of tools. Written when it is read, unless it must be redacted now.</summary>
    public void SetContent(string key, ContentValue value)
    {
        ContentPolicy policy = ContentPolicy.Current;
        if (!IsRecording || !policy.Capture)
            return;

        Set(key, policy.Redacts ? policy.ApplyToJson(value.ToString(), key, out _) : value);
    }

    /// <summary>The texts that an embedding was asked for.</summary>
    public void SetTexts(List<string> texts)
    {
        ContentPolicy policy = ContentPolicy.Current;
        if (!IsRecording || !policy.Capture)
            return;

        if (texts is [string only])
        {
            only = policy.Redact(only, "input");
            NoteLength("input_original_length", only.Length > policy.MaxLength ? only.Length : null);
            Set(General.Input.Value, JsonText.Cut(only, policy.MaxLength));
            Set(General.Input.MimeType, General.MimeTypes.Text);
            return;
        }

        TextsContent content = new(texts);
        if (policy.Redacts || texts.Sum(text => (long)text.Length) > policy.MaxLength)
        {
            string json = content.ToString();
            string applied = policy.ApplyToJson(json, "input", out bool shortened);
            NoteLength("input_original_length", shortened ? json.Length : null);
            Set(General.Input.Value, applied);
        }
        else
        {
            Set(General.Input.Value, content);
        }

        Set(General.Input.MimeType, General.MimeTypes.Json);
    }

    public void SetReasoningSummary(string? summary)
    {
        ContentPolicy policy = ContentPolicy.Current;
        if (IsRecording && policy.Capture && !string.IsNullOrEmpty(summary))
            SetMetadata("reasoning_summary", JsonText.Cut(policy.Redact(summary, "reasoning_summary"), policy.MaxLength));
    }

    public void SetResponse(string? id, string? model, string? finishReason)
    {
        if (!string.IsNullOrEmpty(id))
            Set(GenAI.Response.Id, id);
        if (!string.IsNullOrEmpty(model))
            Set(GenAI.Response.Model, model);
        if (!string.IsNullOrEmpty(finishReason))
            Set(GenAI.Response.FinishReasons, FinishReasons.ListOf(finishReason));
    }

    public void SetUsage(in CallUsage usage)
    {
        if (!IsRecording || usage.IsEmpty)
            return;

        SetCount(GenAI.Usage.InputTokens, usage.Input);
        SetCount(GenAI.Usage.OutputTokens, usage.Output);
        SetCount(GenAI.Usage.CacheRead.InputTokens, usage.CacheRead);
        SetCount(GenAI.Usage.CacheCreation.InputTokens, usage.CacheCreation);
        SetCount(GenAI.Usage.Reasoning.OutputTokens, usage.Reasoning);
        if (usage.Others is not null)
        {
            foreach (var (key, count) in usage.Others)
                SetCount(PrefixedNames.Usage[key], count);
        }

        Set(Pandaprobe.TokenCountMethod, UsageTags.Reported);
    }

    /// <summary>The first piece of a streamed answer is here.</summary>
    public void SetFirstChunk()
    {
        if (!IsRecording)
            return;

        DateTime now = DateTime.UtcNow;
        Set(Pandaprobe.CompletionStartTime, now.ToString("O", CultureInfo.InvariantCulture));
        Set(GenAI.Response.TimeToFirstChunk, Math.Max(0, (now - _activity.StartTimeUtc).TotalSeconds));
    }

    /// <summary>A stream whose reader stopped before its end: no failure, but the answer is not whole.</summary>
    public void SetAbandoned() => SetMetadata("stream_abandoned", Boxes.True);

    /// <summary>An exception filter: records and lets pass.</summary>
    public bool Saw(Exception exception)
    {
        // Another library's span is its owner's to fail.
        if (IsRecording && _enrichment is null)
            ErrorTags.Record(_activity, exception);
        return false;
    }

    public void SetError(string? type, string? message)
    {
        if (!IsRecording || _enrichment is not null)
            return;

        if (!string.IsNullOrEmpty(type))
            _activity.SetTag(General.ErrorType, type);
        ErrorTags.Record(_activity, message);
    }

    /// <summary>Makes the call's span the current one, for the time in which the client works on its stream.</summary>
    public void Enter()
    {
        if (_activity is { IsStopped: false } && !ReferenceEquals(Activity.Current, _activity))
            Activity.Current = _activity;
    }

    public void End()
    {
        if (_activity is not null && _enrichment is null)
            ActivityScope.End(_activity);
    }

    /// <summary>Runs what only telemetry needs: whatever goes wrong in there is not the caller's problem.</summary>
    public void Record<TState>(TState state, Action<ModelCall, TState> record)
    {
        if (!IsRecording)
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

    private void NoteLength(string key, long? length)
    {
        if (length is { } known)
            Set(PrefixedNames.Metadata[key], Boxes.Integer(known));
    }
}
