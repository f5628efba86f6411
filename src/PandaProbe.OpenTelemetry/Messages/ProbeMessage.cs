using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using PandaProbe.Messages;

namespace PandaProbe;

/// <summary>
/// Represents one message of a conversation with a model: a text, or several parts such as an image, a tool call or its result.
/// </summary>
/// <param name="Role">The role of the speaker: <c>system</c>, <c>user</c>, <c>assistant</c>, <c>tool</c>, or a role of your
/// provider.</param>
/// <param name="Content">The text. <see langword="null"/> counts as empty.</param>
/// <example>
/// <code>
/// span.SetInput([
///     ProbeMessage.System("You are terse."),
///     ProbeMessage.User("What does this picture show?", ProbeMessagePart.Image("https://example.com/cat.png")),
/// ]);
/// span.SetOutput([ProbeMessage.Assistant(ProbeMessagePart.ToolCall("call_1", "identify_breed", """{"animal":"cat"}"""))]);
/// </code>
/// </example>
[method: JsonConstructor]
public readonly record struct ProbeMessage(string Role, string Content)
{
    // A text, or a MessageBody. One field, because most messages are one text and arrays of messages are copied with each call.
    private readonly object? _body = Content;

    private ProbeMessage(string role, MessageBody body) : this(role, "") => _body = body;

    /// <summary>Gets the text. With several parts, gets the texts of all text parts, joined. Setting it replaces the parts.</summary>
    public string Content
    {
        get => _body is MessageBody body ? body.Text : (string)_body!;
        init => _body = Name is { } name ? new MessageBody(value, null, name) : value;
    }

    /// <summary>Gets the name of the participant, where several have the same role; <see langword="null"/> when there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name
    {
        get => (_body as MessageBody)?.Name;
        init => _body = value is null && Parts is null ? Content : new MessageBody(Content, PartArray, value);
    }

    /// <summary>Gets the parts; <see langword="null"/> when the message is one text. Setting them replaces the text. Copied.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ProbeMessagePart>? Parts
    {
        get => (_body as MessageBody)?.Parts is { } parts ? Array.AsReadOnly(parts) : null;
        init
        {
            if (value is not null)
                _body = new MessageBody(null, [.. value], Name);
        }
    }

    internal ProbeMessagePart[]? PartArray => (_body as MessageBody)?.Parts;

    /// <summary>Makes a message that instructs the model.</summary>
    [OverloadResolutionPriority(1)]
    public static ProbeMessage System(string content) => new("system", content);

    /// <inheritdoc cref="System(string)"/>
    public static ProbeMessage System(params ReadOnlySpan<ProbeMessagePart> parts) => Of("system", parts);

    /// <summary>Makes a message of the user.</summary>
    [OverloadResolutionPriority(1)]
    public static ProbeMessage User(string content) => new("user", content);

    /// <inheritdoc cref="User(string)"/>
    public static ProbeMessage User(params ReadOnlySpan<ProbeMessagePart> parts) => Of("user", parts);

    /// <summary>Makes a message of the model.</summary>
    [OverloadResolutionPriority(1)]
    public static ProbeMessage Assistant(string content) => new("assistant", content);

    /// <inheritdoc cref="Assistant(string)"/>
    public static ProbeMessage Assistant(params ReadOnlySpan<ProbeMessagePart> parts) => Of("assistant", parts);

    /// <summary>Makes a message with the result of a tool.</summary>
    public static ProbeMessage Tool(string content) => new("tool", content);

    /// <summary>Makes a message with the result of one tool call.</summary>
    /// <param name="callId">The model's identifier of the call.</param>
    /// <param name="result">The result of the tool.</param>
    public static ProbeMessage Tool(string callId, string? result) => Of("tool", [ProbeMessagePart.ToolResult(callId, result)]);

    private static ProbeMessage Of(string role, ReadOnlySpan<ProbeMessagePart> parts) =>
        new(role, new MessageBody(null, parts.ToArray(), null));
}
