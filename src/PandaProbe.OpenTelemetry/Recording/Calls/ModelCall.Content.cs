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
            ConversationContent.Apply(policy, whole, "input");
            Set(GenAI.SystemInstructions, new PartsContent(instructions));
        }

        NoteLength("input_original_length", ConversationContent.Apply(policy, messages, "input"));
        Set(GenAI.Input.Messages, new ConversationContent(messages, isOutput: false));
    }

    /// <summary>Sets the output. Takes ownership of <paramref name="messages"/>.</summary>
    public void SetOutput(MessageContent[] messages)
    {
        ContentPolicy policy = ContentPolicy.Current;
        if (!IsRecording || !policy.Capture || messages.Length == 0)
            return;

        NoteLength("output_original_length", ConversationContent.Apply(policy, messages, "output"));
        Set(GenAI.Output.Messages, new ConversationContent(messages, isOutput: true));
    }

    /// <summary>
    /// Sets content that is not part of the conversation, such as the definitions of tools. Serialised when it is read, or at once when it
    /// must be redacted.
    /// </summary>
    public void SetContent(string key, ContentValue value)
    {
        ContentPolicy policy = ContentPolicy.Current;
        if (!IsRecording || !policy.Capture)
            return;

        Set(key, policy.Redacts ? policy.ApplyToJson(value.ToString(), key, out _) : value);
    }

    /// <summary>Sets the texts of a request for embeddings.</summary>
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

    private void NoteLength(string key, long? length)
    {
        if (length is { } known)
            Set(PrefixedNames.Metadata[key], Boxes.Integer(known));
    }
}
