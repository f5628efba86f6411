using Microsoft.Extensions.AI;
using PandaProbe.Conventions;
using PandaProbe.Recording;

namespace PandaProbe.AI;

/// <summary>Combines the updates of a streamed response.</summary>
internal sealed class StreamedResponse(ModelCall call) : AnswerReader<ChatResponseUpdate>(call)
{
    private UsageDetails? _usage;
    private bool _ownsUsage;
    private string? _conversation;
    private string? _messageId;
    private string? _role;

    public override void Add(ChatResponseUpdate piece)
    {
        Id = string.IsNullOrEmpty(piece.ResponseId) ? Id : piece.ResponseId;
        Model = string.IsNullOrEmpty(piece.ModelId) ? Model : piece.ModelId;
        FinishReason = FinishReasons.Normalise(piece.FinishReason?.Value) ?? FinishReason;
        _conversation = piece.ConversationId ?? _conversation;
        bool wantsContent = WantsContent;
        if (wantsContent)
            FollowMessage(piece);

        IList<AIContent> contents = piece.Contents;
        for (int i = 0; i < contents.Count; i++)
        {
            switch (contents[i])
            {
                case UsageContent usage:
                    AddUsage(usage.Details);
                    break;
                case { } content when wantsContent:
                    AddContent(content);
                    break;
            }
        }
    }

    public override void Finish(StreamOutcome outcome)
    {
        base.Finish(outcome);
        Call.SetConversation(_conversation);
        ResponseTags.SetUsage(Call, _usage);
    }

    private void AddContent(AIContent content)
    {
        switch (content)
        {
            case TextContent text:
                Answer.AppendText(text.Text);
                break;
            case TextReasoningContent reasoning:
                Answer.AppendReasoning(reasoning.Text);
                break;
            default:
                Answer.Add(Snapshots.Of(content));
                break;
        }
    }

    private void FollowMessage(ChatResponseUpdate update)
    {
        string? role = update.Role is { } given ? Snapshots.Role(given) : null;
        bool another = (role is not null && _role is not null && role != _role)
            || (!string.IsNullOrEmpty(update.MessageId) && _messageId is not null && update.MessageId != _messageId);
        if (another || (role is not null && _role is null && role != "assistant"))
            Answer.StartMessage(role ?? "assistant");
        _role = role ?? _role;
        if (!string.IsNullOrEmpty(update.MessageId))
            _messageId = update.MessageId;
    }

    // The first report belongs to the caller, so it is copied before counts are added.
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
