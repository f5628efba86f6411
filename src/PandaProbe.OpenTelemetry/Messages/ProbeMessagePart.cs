using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using PandaProbe.Messages;

namespace PandaProbe;

/// <summary>
/// A part of a <see cref="ProbeMessage"/>: text, reasoning, a tool call or its result, an image or a file. A text converts by itself. Its JSON is the part's
/// form in OpenTelemetry's conventions.
/// </summary>
/// <example>
/// <code>
/// ProbeMessage question = ProbeMessage.User("Summarise this.", ProbeMessagePart.File("file-abc123", "application/pdf"));
/// ProbeMessage answer = ProbeMessage.Assistant(
///     ProbeMessagePart.Reasoning("The weather decides."),
///     ProbeMessagePart.ToolCall("call_1", "get_weather", """{"city":"Paris"}"""));
/// </code>
/// </example>
public readonly record struct ProbeMessagePart
{
    internal const string ReflectionMessage = "Serialising any object uses reflection. Pass JSON as text instead.";

    private const string AnyImage = "image/*";

    // What these hold depends on the kind: see the properties.
    private readonly string? _text;
    private readonly string? _id;
    private readonly object? _value;

    private ProbeMessagePart(PartKind kind, string? text, string? id = null, object? value = null)
    {
        Kind = kind;
        _text = text;
        _id = id;
        _value = value;
    }

    /// <summary>Makes a text.</summary>
    public static implicit operator ProbeMessagePart(string? text) => Text(text);

    /// <summary>Gets the conventions' name of the part's type: <c>text</c>, <c>reasoning</c>, <c>tool_call</c>, <c>tool_call_response</c>, <c>uri</c>, <c>blob</c> or <c>file</c>.</summary>
    [JsonPropertyName("type")]
    public string Type => Kind switch
    {
        PartKind.Reasoning => "reasoning",
        PartKind.ToolCall => "tool_call",
        PartKind.ToolResult => "tool_call_response",
        PartKind.Blob => "blob",
        PartKind.Uri => "uri",
        PartKind.File => "file",
        _ => "text",
    };

    /// <summary>Gets the text of a text or of reasoning; <see langword="null"/> for other parts.</summary>
    [JsonPropertyName("content")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Content => Kind is PartKind.Text or PartKind.Reasoning ? _text ?? "" : null;

    /// <summary>Gets the identifier of a tool call, or of the call that a result belongs to.</summary>
    [JsonPropertyName("id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Id => Kind is PartKind.ToolCall or PartKind.ToolResult ? _id : null;

    /// <summary>Gets the name of the tool that is called.</summary>
    [JsonPropertyName("name")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name => Kind is PartKind.ToolCall ? _text : null;

    /// <summary>Gets the arguments of a tool call: JSON as text, or the object that was given.</summary>
    [JsonPropertyName("arguments")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public object? Arguments => Kind is PartKind.ToolCall ? _value : null;

    /// <summary>Gets the result of a tool: text, or the object that was given.</summary>
    [JsonPropertyName("response")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public object? Result => Kind is PartKind.ToolResult ? _value : null;

    /// <summary>Gets the address of an image or a file.</summary>
    [JsonPropertyName("uri")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Uri => Kind is PartKind.Uri ? _text : null;

    /// <summary>Gets the identifier that the provider gave an uploaded file.</summary>
    [JsonPropertyName("file_id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FileId => Kind is PartKind.File ? _text : null;

    /// <summary>Gets the media type of an image or a file; <see langword="null"/> when it is not known.</summary>
    [JsonPropertyName("mime_type")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? MimeType => Kind is PartKind.Uri or PartKind.File or PartKind.Blob ? _id : null;

    /// <summary>Gets the bytes of an image or a file; empty for other parts.</summary>
    [JsonIgnore]
    public ReadOnlyMemory<byte> Bytes => _value is ReadOnlyMemory<byte> bytes ? bytes : default;

    internal PartKind Kind { get; }

    /// <summary>Makes a text.</summary>
    public static ProbeMessagePart Text(string? text) => new(PartKind.Text, text);

    /// <summary>Makes what the model thought before it answered.</summary>
    public static ProbeMessagePart Reasoning(string? text) => new(PartKind.Reasoning, text);

    /// <summary>Makes a call of a tool, as the model asked for it.</summary>
    /// <param name="id">The identifier that the model gave the call; <see langword="null"/> when there is none.</param>
    /// <param name="name">The tool.</param>
    /// <param name="arguments">The arguments as JSON. Text that is no JSON is recorded as the text it is.</param>
    public static ProbeMessagePart ToolCall(string? id, string name, string? arguments) => new(PartKind.ToolCall, name ?? "", id, arguments);

    /// <inheritdoc cref="ToolCall(string?, string, string?)"/>
    /// <param name="id">The identifier that the model gave the call; <see langword="null"/> when there is none.</param>
    /// <param name="name">The tool.</param>
    /// <param name="arguments">The arguments: an object or a dictionary. Read when the message is recorded: later changes to it change nothing.</param>
    [RequiresUnreferencedCode(ReflectionMessage)]
    [RequiresDynamicCode(ReflectionMessage)]
    public static ProbeMessagePart ToolCall(string? id, string name, object? arguments) => new(PartKind.ToolCall, name ?? "", id, arguments);

    /// <summary>Makes what a tool returned for one call of it.</summary>
    /// <param name="id">The identifier that the model gave the call; <see langword="null"/> when there is none.</param>
    /// <param name="result">What the tool returned.</param>
    public static ProbeMessagePart ToolResult(string? id, string? result) => new(PartKind.ToolResult, null, id, result);

    /// <inheritdoc cref="ToolResult(string?, string?)"/>
    /// <param name="id">The identifier that the model gave the call; <see langword="null"/> when there is none.</param>
    /// <param name="result">What the tool returned. Read when the message is recorded: later changes to it change nothing.</param>
    [RequiresUnreferencedCode(ReflectionMessage)]
    [RequiresDynamicCode(ReflectionMessage)]
    public static ProbeMessagePart ToolResult(string? id, object? result) => new(PartKind.ToolResult, null, id, result);

    /// <summary>Makes an image by its address.</summary>
    /// <param name="uri">Where the image is.</param>
    /// <param name="mimeType">Its media type; <c>image/*</c> if not given.</param>
    [SuppressMessage("Design", "CA1054", Justification = "Providers take and give addresses as text, and not every one is a valid Uri.")]
    public static ProbeMessagePart Image(string uri, string? mimeType = null) => new(PartKind.Uri, uri ?? "", mimeType ?? AnyImage);

    /// <inheritdoc cref="Image(string, string?)"/>
    public static ProbeMessagePart Image(Uri uri, string? mimeType = null) => Image(uri?.OriginalString ?? "", mimeType);

    /// <summary>Makes an image of its bytes. To PandaProbe goes how many there are; to other backends they go as base64, when they fit <c>MaxContentLength</c>.</summary>
    /// <param name="bytes">The image. Copied when the message is recorded.</param>
    /// <param name="mimeType">Its media type, for example <c>image/png</c>.</param>
    public static ProbeMessagePart Image(ReadOnlyMemory<byte> bytes, string mimeType) => new(PartKind.Blob, null, mimeType ?? AnyImage, bytes);

    /// <summary>Makes a file that was uploaded to the provider.</summary>
    /// <param name="id">The identifier that the provider gave it.</param>
    /// <param name="mimeType">Its media type, for example <c>application/pdf</c>; <see langword="null"/> when it is not known.</param>
    public static ProbeMessagePart File(string id, string? mimeType = null) => new(PartKind.File, id ?? "", mimeType);

    /// <summary>Makes a file by its address.</summary>
    /// <param name="uri">Where the file is.</param>
    /// <param name="mimeType">Its media type, for example <c>application/pdf</c>; <see langword="null"/> when it is not known.</param>
    public static ProbeMessagePart File(Uri uri, string? mimeType = null) => new(PartKind.Uri, uri?.OriginalString ?? "", mimeType);

    /// <summary>Makes a file of its bytes. To PandaProbe goes how many there are; to other backends they go as base64, when they fit <c>MaxContentLength</c>.</summary>
    /// <param name="bytes">The file. Copied when the message is recorded.</param>
    /// <param name="mimeType">Its media type, for example <c>application/pdf</c>.</param>
    public static ProbeMessagePart File(ReadOnlyMemory<byte> bytes, string mimeType) => new(PartKind.Blob, null, mimeType, bytes);

    // Values that were read from JSON are written without reflection.
    internal static ProbeMessagePart JsonCall(string? id, string name, object? arguments) => new(PartKind.ToolCall, name, id, arguments);

    internal static ProbeMessagePart JsonResult(string? id, object? result) => new(PartKind.ToolResult, null, id, result);

    internal static ProbeMessagePart Link(string uri, string? mimeType) => new(PartKind.Uri, uri, mimeType);
}
