using PandaProbe.Conventions;
using PandaProbe.Values;

namespace PandaProbe;

// What only calls to language models need.
public readonly partial struct SpanScope
{
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
            Activity.SetTag(Pandaprobe.RetryCount, Boxes.Integer(count));
        return true;
    }

    private void SetOwnSession(string session)
    {
        if (!IsRecording || session.Length == 0)
            return;

        Activity.SetTag(General.SessionId, session);
        Activity.SetTag(GenAI.Conversation.Id, session);
    }
}
