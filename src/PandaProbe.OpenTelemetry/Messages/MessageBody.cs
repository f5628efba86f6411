namespace PandaProbe.Messages;

/// <summary>The content of a message with parts or a name.</summary>
internal sealed class MessageBody(string? text, ProbeMessagePart[]? parts, string? name) : IEquatable<MessageBody>
{
    public ProbeMessagePart[]? Parts => parts;

    public string? Name => name;

    public string Text =>
        parts is null ? text! : string.Concat(parts.Where(part => part.Kind == PartKind.Text).Select(part => part.Content));

    public bool Equals(MessageBody? other) =>
        other is not null && Name == other.Name
            && (parts is null ? other.Parts is null && Text == other.Text : parts.AsSpan().SequenceEqual(other.Parts));

    public override bool Equals(object? obj) => Equals(obj as MessageBody);

    public override int GetHashCode() => HashCode.Combine(name, parts?.Length ?? -1, Text);
}
