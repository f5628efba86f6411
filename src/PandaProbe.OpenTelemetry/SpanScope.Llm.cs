using PandaProbe.Content;
using PandaProbe.Conventions;
using PandaProbe.Metrics;
using PandaProbe.Pricing;
using PandaProbe.Tokenization;

namespace PandaProbe;

// What only calls to language models need.
public readonly partial struct SpanScope
{
    /// <summary>Whether anybody wants to know of this call: a trace, or metrics.</summary>
    internal bool IsMeasured => IsRecording || _call is not null;

    internal void SetServiceName(string name)
    {
        if (!IsRecording)
            return;

        _activity.SetTag(General.Service.Name, name);
        _activity.SetTag(PrefixedNames.Metadata["service_name"], name);
    }

    /// <summary>Tokens of the prompt that were counted here: what the provider reports replaces them.</summary>
    internal void SetPromptTokens(TokenCount? count)
    {
        if (count is not { } known)
            return;

        if (IsRecording)
            UsageTags.SetCounted(_activity, GenAI.Usage.InputTokens, known);
        else
            _call?.SetCounted(known.Tokens, null);
    }

    /// <summary>Tokens of the answer that were counted here, because nobody reported them.</summary>
    internal void SetCompletionTokens(TokenCount count)
    {
        if (IsRecording)
            UsageTags.SetCounted(_activity, GenAI.Usage.OutputTokens, count);
        else
            _call?.SetCounted(null, count.Tokens);
    }

    internal bool LacksOutputTokens => IsRecording ? _activity.GetTagItem(GenAI.Usage.OutputTokens) is null : _call is { } call && call.Facts.Usage[TokenKind.Output] is null;

    /// <summary>The model that is asked, as far as it is known.</summary>
    internal string? Model => IsRecording ? _activity.GetTagItem(GenAI.Request.Model) as string : _call?.Facts.RequestModel;

    // Keys under which SDKs for other languages put into the metadata what has a tag of its own here.
    private bool TrySetKnown(string? key, ProbeValue value)
    {
        switch (key)
        {
            case "prompt_tokens":
                return TrySetTokens(value, input: true);
            case "completion_tokens":
                return TrySetTokens(value, input: false);
            case "actual_model":
                SetResponseModel(value.ToString());
                return true;
            case "finish_reason":
                SetFinishReason(value.ToString());
                return true;
            case "session_id":
                SetOwnSession(value.ToString());
                return true;
            case "retry_count":
                return TrySetRetries(value);
            default:
                return false;
        }
    }

    // What is no number stays in the metadata, where it can be seen.
    private bool TrySetTokens(ProbeValue value, bool input)
    {
        if (!value.TryGetInteger(out long count))
            return false;

        SetTokenUsage(input ? count : null, input ? null : count);
        return true;
    }

    private bool TrySetRetries(ProbeValue value)
    {
        if (!value.TryGetInteger(out long count) || count < 0)
            return false;

        if (IsRecording)
            _activity.SetTag(Pandaprobe.RetryCount, Boxes.Integer(count));
        return true;
    }

    private void SetOwnSession(string session)
    {
        if (!IsRecording || session.Length == 0)
            return;

        _activity.SetTag(General.SessionId, session);
        _activity.SetTag(GenAI.Conversation.Id, session);
    }
}
