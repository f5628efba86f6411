using PandaProbe.Pricing;

namespace PandaProbe.Local.Reading;

/// <summary>
/// What a span says, whichever instrumentation wrote it. A reader sets only what is not set yet: the first non-empty value wins.
/// </summary>
internal sealed class ReadSpan
{
    /// <summary>Gets the vocabularies that were read, the most specific one first; empty when none was found.</summary>
    public List<string> Readers { get; } = [];

    public StepKind? KindFound { get; set; }

    public StepKind Kind => KindFound ?? StepKind.Other;

    /// <summary>
    /// Gets or sets the vocabulary's own word for the kind, when this result has no kind for it: <c>RERANKER</c>, <c>GUARDRAIL</c>.
    /// </summary>
    public string? KindLabel { get; set; }

    /// <summary>
    /// Gets or sets the tool's or agent's name, where the span's name only repeats it with the operation; otherwise the span's name.
    /// </summary>
    public string Name { get; set; } = "";

    /// <summary>Gets or sets whether the span is still running and a later one with the same id replaces this one.</summary>
    public bool IsPending { get; set; }

    public IReadOnlyList<ReadMessage> Input { get; set; } = [];

    public IReadOnlyList<ReadMessage> Output { get; set; } = [];

    /// <summary>Gets or sets the input that is not made of messages: JSON or text.</summary>
    public string? InputValue { get; set; }

    /// <summary>Gets or sets the output that is not made of messages: JSON or text.</summary>
    public string? OutputValue { get; set; }

    public string? ToolName { get; set; }

    public string? ToolCallId { get; set; }

    public string? ToolDescription { get; set; }

    /// <summary>Gets or sets the arguments of the tool that ran: JSON or text.</summary>
    public string? ToolArguments { get; set; }

    /// <summary>Gets or sets the result of the tool that ran: JSON or text.</summary>
    public string? ToolResult { get; set; }

    /// <summary>Gets or sets the tools that the model could call: a JSON array.</summary>
    public string? ToolDefinitions { get; set; }

    public string? AgentName { get; set; }

    /// <summary>Gets or sets what a retriever was asked.</summary>
    public string? Query { get; set; }

    public IReadOnlyList<ReadDocument> Documents { get; set; } = [];

    public string? RequestModel { get; set; }

    public string? ResponseModel { get; set; }

    public string? Model => ResponseModel ?? RequestModel;

    public string? Provider { get; set; }

    public string? ResponseId { get; set; }

    /// <summary>Gets the parameters of the request by their short names, such as <c>temperature</c>.</summary>
    public List<ReadField> Parameters { get; } = [];

    public ReadCounts Counts { get; } = new();

    public TokenUsage Usage { get; set; }

    /// <summary>Gets or sets whether the span says of itself that its usage adds up that of the calls below it.</summary>
    public bool UsageIsSum { get; set; }

    /// <summary>Gets the counts that <see cref="Usage"/> has no place for.</summary>
    public List<ReadField> OtherUsage { get; } = [];

    /// <summary>
    /// Gets or sets how the tokens were counted: <c>reported</c>, <c>tiktoken</c> or <c>estimated</c>; <see langword="null"/> when the span
    /// does not say.
    /// </summary>
    public string? TokenCountMethod { get; set; }

    /// <summary>Gets or sets the cost in US dollars.</summary>
    public decimal? Cost { get; set; }

    public CostSource CostSource { get; set; }

    public List<ReadField> CostParts { get; } = [];

    public IReadOnlyList<string> FinishReasons { get; set; } = [];

    public TimeSpan? TimeToFirstChunk { get; set; }

    public string? SessionId { get; set; }

    public string? UserId { get; set; }

    public IReadOnlyList<string> Tags { get; set; } = [];

    public List<ReadField> Metadata { get; } = [];

    public string? PromptName { get; set; }

    public string? PromptVersion { get; set; }

    /// <summary>Gets or sets the trace's name where the span names it apart from itself.</summary>
    public string? TraceName { get; set; }

    /// <summary>
    /// Gets or sets the trace's status as the application set it: <c>PENDING</c>, <c>RUNNING</c>, <c>COMPLETED</c> or <c>ERROR</c>.
    /// </summary>
    public string? TraceStatus { get; set; }

    public List<ReadScore> Scores { get; } = [];

    public bool IsError { get; set; }

    public string? ErrorType { get; set; }

    public string? ErrorMessage { get; set; }

    public long? RetryCount { get; set; }

    /// <summary>
    /// Gets or sets the names of the attributes that no reader understood, which are shown raw. They are computed when they are asked for.
    /// </summary>
    public IEnumerable<string> Rest { get; set; } = [];

    /// <summary>Gets the first words of the last user message, or of the input.</summary>
    public string? InputPreview => Preview.OfInput(this);

    /// <summary>Gets the first words of the last answer, or of the output.</summary>
    public string? OutputPreview => Preview.OfOutput(this);
}
