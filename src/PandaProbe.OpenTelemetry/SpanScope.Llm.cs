using PandaProbe.Conventions;
using PandaProbe.Values;

namespace PandaProbe;

public readonly partial struct SpanScope
{
    // SDKs for other languages put these values into the metadata. Here each has a tag of its own.
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

    // A value that is not a number stays in the metadata, so that users can see it.
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
