using System.Diagnostics;
using PandaProbe.Conventions;

namespace PandaProbe.Testing;

/// <summary>Represents one span as it was when the picture of its trace was taken. Immutable.</summary>
public sealed class CapturedSpan
{
    private IReadOnlyList<CapturedSpan> _children = [];

    internal CapturedSpan(Activity activity, long order)
    {
        Activity = activity;
        Order = order;
    }

    /// <summary>Gets the activity itself, for what the picture leaves out. Unlike the picture it can change.</summary>
    public Activity Activity { get; }

    /// <summary>Gets OpenTelemetry's id of the span: 16 hexadecimal digits.</summary>
    public string Id => Activity.SpanId.ToHexString();

    /// <summary>
    /// Gets the kind: <c>TRACE</c>, <c>LLM</c>, <c>TOOL</c>, <c>AGENT</c>, <c>CHAIN</c>, <c>RETRIEVER</c>, <c>EMBEDDING</c> or
    /// <c>OTHER</c>.
    /// </summary>
    public required string Kind { get; init; }

    /// <summary>Gets the name of the span. Other libraries put the operation in front of a tool or a model.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the model that answered, otherwise the requested one; <see langword="null"/> when none is known.</summary>
    public string? Model { get; init; }

    /// <summary>Gets the requested model; <see langword="null"/> when none is known.</summary>
    public string? RequestModel { get; init; }

    /// <summary>Gets the provider by the conventions' name, for example <c>openai</c>; <see langword="null"/> when none is known.</summary>
    public string? Provider { get; init; }

    /// <summary>Gets the operation by the conventions, for example <c>chat</c>; <see langword="null"/> when there is none.</summary>
    public string? Operation { get; init; }

    /// <summary>Gets the nearest captured span above; <see langword="null"/> for a root.</summary>
    public CapturedSpan? Parent { get; private set; }

    /// <summary>Gets the spans directly below, in the order of their start.</summary>
    public IReadOnlyList<CapturedSpan> Children
    {
        get => _children;
        internal set
        {
            _children = value;
            foreach (CapturedSpan child in value)
                child.Parent = this;
        }
    }

    /// <summary>
    /// Gets whether the span says that it has a parent in this process, and that parent was not captured.
    /// </summary>
    public bool IsOrphan { get; init; }

    /// <summary>Gets all attributes as exporters write them. Content is JSON.</summary>
    public required IReadOnlyDictionary<string, object?> Attributes { get; init; }

    /// <summary>Gets the events, in the order in which they were recorded.</summary>
    public IReadOnlyList<CapturedEvent> Events { get; init; } = [];

    /// <summary>Gets the tags that the user gave, for example <c>production</c>.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Gets the metadata that the user gave.</summary>
    public IReadOnlyDictionary<string, object?> Metadata { get; init; } = new Dictionary<string, object?>();

    /// <summary>Gets the messages to the model, system instructions first; empty for other spans.</summary>
    public IReadOnlyList<CapturedMessage> InputMessages { get; init; } = [];

    /// <summary>Gets the messages of the model; empty for other spans.</summary>
    public IReadOnlyList<CapturedMessage> OutputMessages { get; init; } = [];

    /// <summary>
    /// Gets the input as text or JSON: messages of a model call, arguments of a tool; <see langword="null"/> when none is recorded.
    /// </summary>
    public string? Input { get; init; }

    /// <summary>
    /// Gets the output as text or JSON: messages of a model, the result of a tool; <see langword="null"/> when none is recorded.
    /// </summary>
    public string? Output { get; init; }

    /// <summary>Gets the name of the tool; <see langword="null"/> for other spans.</summary>
    public string? ToolName => Is(ProbeSpanKind.Tool) ? Attribute(GenAI.Tool.Name) as string ?? Name : null;

    /// <summary>Gets the arguments of the tool as JSON; <see langword="null"/> when none are recorded, and for other spans.</summary>
    public string? Arguments => Is(ProbeSpanKind.Tool) ? Attribute(GenAI.Tool.Call.Arguments) as string ?? Input : null;

    /// <summary>Gets the result of the tool as text or JSON; <see langword="null"/> when none is recorded, and for other spans.</summary>
    public string? Result => Is(ProbeSpanKind.Tool) ? Attribute(GenAI.Tool.Call.Result) as string ?? Output : null;

    /// <summary>Gets the token counts. All are <see langword="null"/> when none are known.</summary>
    public CapturedUsage Usage { get; init; } = CapturedUsage.None;

    /// <summary>Gets the cost in US dollars; <see langword="null"/> when it is not known.</summary>
    public decimal? Cost { get; init; }

    /// <summary>Gets the reasons why the model stopped, for example <c>stop</c>; empty when none are known.</summary>
    public IReadOnlyList<string> FinishReasons { get; init; } = [];

    /// <summary>Gets whether the span failed.</summary>
    public bool IsError { get; init; }

    /// <summary>Gets the type of the error, for example the name of an exception; <see langword="null"/> when there is none.</summary>
    public string? ErrorType { get; init; }

    /// <summary>Gets the message of the error; <see langword="null"/> when there is none.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>Gets whether the span had not ended when the picture was taken.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Gets the start.</summary>
    public DateTimeOffset Start { get; init; }

    /// <summary>Gets the time from start to end; of an open span the time until the picture.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Gets the time to the first chunk of a streamed answer; <see langword="null"/> when it is not known.</summary>
    public TimeSpan? TimeToFirstChunk { get; init; }

    /// <summary>Gets the session; <see langword="null"/> when there is none.</summary>
    public string? SessionId { get; init; }

    /// <summary>Gets the user; <see langword="null"/> when there is none.</summary>
    public string? UserId { get; init; }

    /// <summary>Gets the place in the order in which the captured spans started.</summary>
    public long Order { get; }

    /// <summary>Returns whether the span is of this kind. What <c>StartTrace</c> opened is of none.</summary>
    public bool Is(ProbeSpanKind kind) => Kind == SpanKinds.Name(kind);

    /// <summary>Gets an attribute as exporters write it; <see langword="null"/> when the span does not have it.</summary>
    public object? Attribute(string name) => Attributes.GetValueOrDefault(name);

    /// <summary>
    /// Gets an attribute as text: a list as its items with commas between; <see langword="null"/> when the span does not have it.
    /// </summary>
    public string? Text(string name) => Attribute(name) is { } value ? Texts.Value(value) : null;

    /// <summary>Returns the span and all spans below it, parents before children.</summary>
    public IEnumerable<CapturedSpan> SelfAndBelow() => Children.SelectMany(child => child.SelfAndBelow()).Prepend(this);

    /// <summary>Returns the line of the span in a tree: kind, name, and what is known of model, tokens, cost and error.</summary>
    public override string ToString() => TreeText.Line(this);
}
