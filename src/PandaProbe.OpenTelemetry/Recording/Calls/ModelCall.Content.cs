using PandaProbe.Content;
using PandaProbe.Conventions;
using PandaProbe.Runtime;
using PandaProbe.Values;

namespace PandaProbe.Recording;

internal readonly partial struct ModelCall
{
    /// <summary>Sets the input. Takes ownership of both arrays.</summary>
    public void SetInput(MessageContent[] messages, Part[]? instructions = null)
    {
        ContentPolicy policy = ContentPolicy.Current;
        if (!IsRecording || !policy.Capture)
            return;

        if (instructions is { Length: > 0 })
        {
            MessageContent[] whole = [new("system", instructions)];
            ConversationContent.Record(policy, whole);
            Set(GenAI.SystemInstructions, new PartsContent(whole[0].Parts));
        }

        NoteLength("input_original_length", ConversationContent.Record(policy, messages));
        Set(GenAI.Input.Messages, new ConversationContent(messages, isOutput: false));
    }

    /// <summary>Sets the output. Takes ownership of <paramref name="messages"/>.</summary>
    public void SetOutput(MessageContent[] messages)
    {
        ContentPolicy policy = ContentPolicy.Current;
        if (!IsRecording || !policy.Capture || messages.Length == 0)
            return;

        NoteLength("output_original_length", ConversationContent.Record(policy, messages));
        Set(GenAI.Output.Messages, new ConversationContent(messages, isOutput: true));
    }

    /// <summary>
    /// Sets content that is not part of the conversation, such as the definitions of tools. It is serialised when it is read.
    /// </summary>
    public void SetContent(string key, ContentValue value)
    {
        if (IsRecording && ContentPolicy.Current.Capture)
            Set(key, value);
    }

    /// <summary>Sets the texts of a request for embeddings.</summary>
    public void SetTexts(List<string> texts)
    {
        ContentPolicy policy = ContentPolicy.Current;
        if (!IsRecording || !policy.Capture)
            return;

        if (texts is [string only])
        {
            NoteLength("input_original_length", only.Length > policy.MaxLength ? only.Length : null);
            Set(General.Input.Value, policy.Record(only));
            Set(General.Input.MimeType, General.MimeTypes.Text);
            return;
        }

        TextsContent content = new(texts);
        if (content.Length > policy.MaxLength)
        {
            string json = content.ToString();
            NoteLength("input_original_length", json.Length);
            Set(General.Input.Value, policy.RecordJson(json));
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
            SetMetadata("reasoning_summary", policy.Record(summary));
    }

    private void NoteLength(string key, long? length)
    {
        if (length is { } known)
            Set(PrefixedNames.Metadata[key], Boxes.Integer(known));
    }
}
