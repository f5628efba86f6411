using Microsoft.Extensions.AI;
using PandaProbe.Calls;
using PandaProbe.Content;

namespace PandaProbe.AI;

/// <summary>What the updates of a streamed response add up to.</summary>
internal sealed class StreamedResponse
{
    private AnswerBuilder? _answer;
    private UsageDetails? _usage;
    private bool _ownsUsage;
    private string? _responseId;
    private string? _model;
    private string? _conversation;
    private string? _finishReason;
    private string? _messageId;
    private string? _role;
    private bool _any;

    public void Add(ModelCall call, ChatResponseUpdate update)
    {
        if (!_any)
        {
            _any = true;
            call.SetFirstChunk();
            if (call.CapturesContent)
                _answer = new();
        }

        _responseId = update.ResponseId ?? _responseId;
        _model = update.ModelId ?? _model;
        _conversation = update.ConversationId ?? _conversation;
        _finishReason = update.FinishReason?.Value ?? _finishReason;
        if (_answer is not null)
            FollowMessage(update);

        IList<AIContent> contents = update.Contents;
        for (int i = 0; i < contents.Count; i++)
        {
            switch (contents[i])
            {
                case UsageContent usage:
                    AddUsage(usage.Details);
                    break;
                case TextContent text:
                    _answer?.AppendText(text.Text);
                    break;
                case TextReasoningContent reasoning:
                    _answer?.AppendReasoning(reasoning.Text);
                    break;
                case { } other:
                    _answer?.Add(Snapshots.Of(other));
                    break;
            }
        }
    }

    public void Set(ModelCall call, bool ended)
    {
        string? finishReason = FinishReasons.Normalise(_finishReason);
        call.SetResponse(_responseId, _model, finishReason);
        call.SetConversation(_conversation);
        ResponseTags.SetUsage(call, _usage);
        if (_answer is { IsEmpty: false })
            call.SetOutput(_answer.Build(finishReason));
        if (!ended)
            call.SetAbandoned();
    }

    private void FollowMessage(ChatResponseUpdate update)
    {
        string? role = update.Role is { } given ? Snapshots.Role(given) : null;
        bool another = (role is not null && _role is not null && role != _role)
            || (!string.IsNullOrEmpty(update.MessageId) && _messageId is not null && update.MessageId != _messageId);
        if (another || (role is not null && _role is null && role != "assistant"))
            _answer!.StartMessage(role ?? "assistant");
        _role = role ?? _role;
        if (!string.IsNullOrEmpty(update.MessageId))
            _messageId = update.MessageId;
    }

    // The first report is somebody else's object: it is copied before anything is added to it.
    private void AddUsage(UsageDetails details)
    {
        if (_usage is null)
        {
            _usage = details;
            return;
        }

        if (!_ownsUsage)
        {
            UsageDetails copy = new();
            copy.Add(_usage);
            _usage = copy;
            _ownsUsage = true;
        }

        _usage.Add(details);
    }
}
