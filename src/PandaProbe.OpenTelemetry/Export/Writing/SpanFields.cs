using System.Diagnostics;
using PandaProbe.Content;
using PandaProbe.Conventions;
using PandaProbe.Processing;

namespace PandaProbe.Export.Writing;

/// <summary>One span's tags, sorted into PandaProbe's fields in one pass. Reused from span to span.</summary>
internal sealed class SpanFields
{
    private const string OpenInferenceOther = "OTHER";

    public object? Kind;
    public string? Operation;
    public object? RequestModel;
    public object? ResponseModel;
    public object? InputMessages;
    public object? OutputMessages;
    public object? SystemInstructions;
    public object? Input;
    public object? Output;
    public bool InputIsJson;
    public bool OutputIsJson;
    public object? ToolArguments;
    public object? ToolResult;
    public object? PromptTokens;
    public object? CompletionTokens;
    public object? CacheRead;
    public object? CacheCreation;
    public object? Reasoning;
    public object? CostTotal;
    public object? BridgedCost;
    public object? CompletionStart;
    public object? TimeToFirstChunk;
    public object? Session;
    public object? User;
    public object? Tags;
    public object? TraceStatus;
    public object? ErrorType;

    // This library's own spans repeat their input and output in attributes for other backends.
    private bool _repeats;
    private IReadOnlyList<string>? _bridges;

    public List<KeyValuePair<string, object?>> Metadata { get; } = [];

    public List<KeyValuePair<string, object?>> Usage { get; } = [];

    public List<KeyValuePair<string, object?>> Cost { get; } = [];

    public List<KeyValuePair<string, object?>> Parameters { get; } = [];

    /// <summary>What the span says about itself that has a place in the metadata: written unless the caller used the same key.</summary>
    public List<KeyValuePair<string, object?>> Notes { get; } = [];

    /// <param name="activity">The span.</param>
    /// <param name="view">What makes its tags safe; <see langword="null"/> when they are.</param>
    public void Read(Activity activity, TextMasking? view)
    {
        Clear();
        _repeats = ReferenceEquals(activity.Source, ProbeSource.Instance);
        _bridges = BridgeWriter.WrittenOn(activity);
        foreach (ref readonly KeyValuePair<string, object?> tag in activity.EnumerateTagObjects())
        {
            if ((view is null ? tag.Value : view.Value(tag.Key, tag.Value)) is { } value)
                Sort(view?.Name(tag.Key) ?? tag.Key, value);
        }
    }

    private void Clear()
    {
        Kind = RequestModel = ResponseModel = InputMessages = OutputMessages = SystemInstructions = Input = Output = null;
        ToolArguments = ToolResult = PromptTokens = CompletionTokens = CacheRead = CacheCreation = Reasoning = CostTotal = BridgedCost =
            null;
        CompletionStart = TimeToFirstChunk = Session = User = Tags = TraceStatus = ErrorType = null;
        Operation = null;
        InputIsJson = OutputIsJson = false;
        Metadata.Clear();
        Usage.Clear();
        Cost.Clear();
        Parameters.Clear();
        Notes.Clear();
    }

    private void Sort(string key, object value)
    {
        switch (key)
        {
            case Pandaprobe.Span.Kind:
                Kind = value;
                break;
            case General.OpenInference.SpanKind:
                Kind ??= value is OpenInferenceOther ? null : value;
                break;
            case GenAI.OperationName:
                Operation = value as string;
                break;
            case GenAI.ProviderName:
                Note("provider", value);
                break;
            case GenAI.Request.Model:
                RequestModel = value;
                break;
            case GenAI.Response.Model:
                ResponseModel = value;
                break;
            case GenAI.Input.Messages:
                InputMessages = value;
                break;
            case GenAI.Output.Messages:
                OutputMessages = value;
                break;
            case GenAI.SystemInstructions:
                SystemInstructions = value;
                break;
            case General.Input.Value:
                Input = value;
                break;
            case General.Output.Value:
                Output = value;
                break;
            case General.Input.MimeType:
                InputIsJson = value is General.MimeTypes.Json;
                break;
            case General.Output.MimeType:
                OutputIsJson = value is General.MimeTypes.Json;
                break;
            case GenAI.Tool.Call.Arguments:
                ToolArguments = value;
                break;
            case GenAI.Tool.Call.Result:
                ToolResult = value;
                break;
            case GenAI.Usage.InputTokens:
                PromptTokens = value;
                break;
            case GenAI.Usage.OutputTokens:
                CompletionTokens = value;
                break;
            case GenAI.Usage.CacheRead.InputTokens:
                CacheRead = value;
                break;
            case GenAI.Usage.CacheCreation.InputTokens:
                CacheCreation = value;
                break;
            case GenAI.Usage.Reasoning.OutputTokens:
                Reasoning = value;
                break;
            case Pandaprobe.Cost.Total:
                CostTotal = value;
                break;
            case GenAI.Usage.Cost:
                BridgedCost = value;
                break;
            case Pandaprobe.Cost.Source:
                Note("cost_source", value);
                break;
            case Pandaprobe.Cost.PriceVersion:
                Note("cost_price_version", value);
                break;
            case Pandaprobe.TokenCountMethod:
                Note("token_count_method", value);
                break;
            case Pandaprobe.RetryCount:
                Note("retry_count", value);
                break;
            case GenAI.Response.FinishReasons:
                Note("finish_reasons", value);
                break;
            case Pandaprobe.CompletionStartTime:
                CompletionStart = value;
                break;
            case GenAI.Response.TimeToFirstChunk:
                TimeToFirstChunk = value;
                Note("time_to_first_chunk", value);
                break;
            case General.SessionId:
                Session = value;
                break;
            case GenAI.Conversation.Id:
                Session ??= value;
                break;
            case General.UserId:
                User = value;
                break;
            case General.Tags:
                Tags = value;
                break;
            case Pandaprobe.Trace.Status:
                TraceStatus = value;
                break;
            case General.ErrorType:
                ErrorType = value;
                break;
            case OpenAINames.Request.ServiceTier:
                Parameter("service_tier", value);
                break;
            case OpenAINames.Response.ServiceTier:
                Note("service_tier", value);
                break;
            case OpenAINames.Response.SystemFingerprint:
                Note("system_fingerprint", value);
                break;
            case GenAI.Request.Temperature:
                Parameter("temperature", value);
                break;
            case GenAI.Request.TopP:
                Parameter("top_p", value);
                break;
            case GenAI.Request.TopK:
                Parameter("top_k", value);
                break;
            case GenAI.Request.MaxTokens:
                Parameter("max_tokens", value);
                break;
            case GenAI.Request.FrequencyPenalty:
                Parameter("frequency_penalty", value);
                break;
            case GenAI.Request.PresencePenalty:
                Parameter("presence_penalty", value);
                break;
            case GenAI.Request.StopSequences:
                Parameter("stop_sequences", value);
                break;
            case GenAI.Request.Seed:
                Parameter("seed", value);
                break;

            // The span's name says it already.
            case GenAI.Tool.Name or GenAI.Agent.Name or GenAI.Workflow.Name:
                break;

            // Older names that the processor has written under the current ones.
            case GenAI.System or GenAI.Usage.PromptTokens or GenAI.Usage.CompletionTokens or GenAI.Usage.CacheWrite.InputTokens:
                break;
            default:
                SortByPrefix(key, value);
                break;
        }
    }

    private void SortByPrefix(string key, object value)
    {
        if (key.StartsWith(Pandaprobe.Metadata.Prefix, StringComparison.Ordinal))
            Metadata.Add(new(key[Pandaprobe.Metadata.Prefix.Length..], value));
        else if (key.StartsWith(Pandaprobe.Usage.Prefix, StringComparison.Ordinal))
            Usage.Add(new(key[Pandaprobe.Usage.Prefix.Length..], value));
        else if (key.StartsWith(Pandaprobe.Cost.Prefix, StringComparison.Ordinal))
            Cost.Add(new(key[Pandaprobe.Cost.Prefix.Length..], value));
        else if (key.StartsWith(Pandaprobe.ModelParameters.Prefix, StringComparison.Ordinal))
            Parameter(key[Pandaprobe.ModelParameters.Prefix.Length..], value);
        else if (value is not FieldsContent && _bridges?.Contains(key) != true && !(_repeats && IsRepetition(key)))
            Note(key, value);
    }

    private static bool IsRepetition(string key) =>
        key is GenAI.Retrieval.QueryText or GenAI.Retrieval.Documents
        || key.StartsWith(General.OpenInference.DocumentPrefix, StringComparison.Ordinal);

    public void Note(string key, object? value) => Notes.Add(new(key, value));

    private void Parameter(string key, object value)
    {
        foreach (KeyValuePair<string, object?> known in Parameters)
        {
            if (known.Key == key)
                return;
        }

        Parameters.Add(new(key, value));
    }
}
