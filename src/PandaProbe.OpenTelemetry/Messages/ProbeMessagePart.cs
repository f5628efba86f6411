using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using PandaProbe.Messages;

namespace PandaProbe;

/// <summary>
/// Represents a part of a <see cref="ProbeMessage"/>: text, reasoning, a tool call or its result, an image or a file. A text converts
/// implicitly. The part serialises to JSON in the form of OpenTelemetry's conventions.
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

    // The meaning of the fields depends on the kind: see the properties.
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

    /// <summary>Makes a text part. <see langword="null"/> counts as empty.</summary>
    public static implicit operator ProbeMessagePart(string? text) => Text(text);

    /// <summary>
    /// Gets the conventions' name of the part's type: <c>text</c>, <c>reasoning</c>, <c>tool_call</c>, <c>tool_call_response</c>,
    /// <c>uri</c>, <c>blob</c> or <c>file</c>.
    /// </summary>
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

    /// <summary>Gets the text of a text part or a reasoning part; <see langword="null"/> for other parts.</summary>
    [JsonPropertyName("content")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Content => Kind is PartKind.Text or PartKind.Reasoning ? _text ?? "" : null;

    /// <summary>
    /// Gets the identifier of a tool call, or of the call that a result belongs to; <see langword="null"/> for other parts.
    /// </summary>
    [JsonPropertyName("id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Id => Kind is PartKind.ToolCall or PartKind.ToolResult ? _id : null;

    /// <summary>Gets the name of the tool of a tool call; <see langword="null"/> for other parts.</summary>
    [JsonPropertyName("name")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name => Kind is PartKind.ToolCall ? _text : null;

    /// <summary>Gets the arguments of a tool call: JSON as text, or the given object; <see langword="null"/> for other parts.</summary>
    [JsonPropertyName("arguments")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public object? Arguments => Kind is PartKind.ToolCall ? _value : null;

    /// <summary>Gets the result of a tool: text, or the given object; <see langword="null"/> for other parts.</summary>
    [JsonPropertyName("response")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public object? Result => Kind is PartKind.ToolResult ? _value : null;

    /// <summary>Gets the address of an image or a file; <see langword="null"/> for other parts.</summary>
    [JsonPropertyName("uri")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Uri => Kind is PartKind.Uri ? _text : null;

    /// <summary>Gets the provider's identifier of an uploaded file; <see langword="null"/> for other parts.</summary>
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

    /// <summary>Makes a text part. <see langword="null"/> counts as empty.</summary>
    public static ProbeMessagePart Text(string? text) => new(PartKind.Text, text);

    /// <summary>Makes a reasoning part: the model's thoughts before its answer. <see langword="null"/> counts as empty.</summary>
    public static ProbeMessagePart Reasoning(string? text) => new(PartKind.Reasoning, text);

    /// <summary>Makes a tool call of the model.</summary>
    /// <param name="id">The model's identifier of the call; <see langword="null"/> when there is none.</param>
    /// <param name="name">The name of the tool.</param>
    /// <param name="arguments">The arguments as JSON. Invalid JSON is recorded as text. <see langword="null"/> means no arguments.</param>
    public static ProbeMessagePart ToolCall(string? id, string name, string? arguments) =>
        new(PartKind.ToolCall, name ?? "", id, arguments);

    /// <inheritdoc cref="ToolCall(string?, string, string?)"/>
    /// <param name="id">The model's identifier of the call; <see langword="null"/> when there is none.</param>
    /// <param name="name">The name of the tool.</param>
    /// <param name="arguments">The arguments: an object or a dictionary. Read when the message is recorded; later changes to it are not
    /// recorded. <see langword="null"/> means no arguments.</param>
    [RequiresUnreferencedCode(ReflectionMessage)]
    [RequiresDynamicCode(ReflectionMessage)]
    public static ProbeMessagePart ToolCall(string? id, string name, object? arguments) =>
        new(PartKind.ToolCall, name ?? "", id, arguments);

    /// <summary>Makes the result of a tool call.</summary>
    /// <param name="id">The model's identifier of the call; <see langword="null"/> when there is none.</param>
    /// <param name="result">The result of the tool.</param>
    public static ProbeMessagePart ToolResult(string? id, string? result) => new(PartKind.ToolResult, null, id, result);

    /// <inheritdoc cref="ToolResult(string?, string?)"/>
    /// <param name="id">The model's identifier of the call; <see langword="null"/> when there is none.</param>
    /// <param name="result">The result of the tool. Read when the message is recorded; later changes to it are not recorded.</param>
    [RequiresUnreferencedCode(ReflectionMessage)]
    [RequiresDynamicCode(ReflectionMessage)]
    public static ProbeMessagePart ToolResult(string? id, object? result) => new(PartKind.ToolResult, null, id, result);

    /// <summary>Makes an image by its address.</summary>
    /// <param name="uri">The address of the image.</param>
    /// <param name="mimeType">The media type. <see langword="null"/>, the default, means <c>image/*</c>.</param>
    [SuppressMessage("Design", "CA1054", Justification = "Providers take and give addresses as text, and not every one is a valid Uri.")]
    public static ProbeMessagePart Image(string uri, string? mimeType = null) => new(PartKind.Uri, uri ?? "", mimeType ?? AnyImage);

    /// <inheritdoc cref="Image(string, string?)"/>
    public static ProbeMessagePart Image(Uri uri, string? mimeType = null) => Image(uri?.OriginalString ?? "", mimeType);

    /// <summary>
    /// Makes an image from its bytes. PandaProbe gets only the number of bytes. Other backends get the bytes as base64, when they fit
    /// <c>MaxContentLength</c>.
    /// </summary>
    /// <param name="bytes">The image. Copied when the message is recorded.</param>
    /// <param name="mimeType">The media type, for example <c>image/png</c>. <see langword="null"/> means <c>image/*</c>.</param>
    public static ProbeMessagePart Image(ReadOnlyMemory<byte> bytes, string mimeType) =>
        new(PartKind.Blob, null, mimeType ?? AnyImage, bytes);

    /// <summary>Makes a file that was uploaded to the provider.</summary>
    /// <param name="id">The provider's identifier of the file.</param>
    /// <param name="mimeType">The media type, for example <c>application/pdf</c>; <see langword="null"/>, the default, when it is not
    /// known.</param>
    public static ProbeMessagePart File(string id, string? mimeType = null) => new(PartKind.File, id ?? "", mimeType);

    /// <summary>Makes a file by its address.</summary>
    /// <param name="uri">The address of the file.</param>
    /// <param name="mimeType">The media type, for example <c>application/pdf</c>; <see langword="null"/>, the default, when it is not
    /// known.</param>
    public static ProbeMessagePart File(Uri uri, string? mimeType = null) => new(PartKind.Uri, uri?.OriginalString ?? "", mimeType);

    /// <summary>
    /// Makes a file from its bytes. PandaProbe gets only the number of bytes. Other backends get the bytes as base64, when they fit
    /// <c>MaxContentLength</c>.
    /// </summary>
    /// <param name="bytes">The file. Copied when the message is recorded.</param>
    /// <param name="mimeType">The media type, for example <c>application/pdf</c>.</param>
    public static ProbeMessagePart File(ReadOnlyMemory<byte> bytes, string mimeType) => new(PartKind.Blob, null, mimeType, bytes);

    // Values that were read from JSON need no reflection.
    internal static ProbeMessagePart JsonCall(string? id, string name, object? arguments) => new(PartKind.ToolCall, name, id, arguments);

    internal static ProbeMessagePart JsonResult(string? id, object? result) => new(PartKind.ToolResult, null, id, result);

    internal static ProbeMessagePart Link(string uri, string? mimeType) => new(PartKind.Uri, uri, mimeType);
}
