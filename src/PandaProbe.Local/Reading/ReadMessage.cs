namespace PandaProbe.Local.Reading;

/// <summary>Represents a message to or from a model, in one form for all vocabularies.</summary>
/// <param name="Role"><c>system</c>, <c>user</c>, <c>assistant</c>, <c>tool</c>, or a role of the provider.</param>
/// <param name="Parts">The parts in their order.</param>
/// <param name="Name">The participant, where several have the same role.</param>
/// <param name="FinishReason">Why the model stopped; on messages of an output only.</param>
internal sealed record ReadMessage(string Role, IReadOnlyList<ReadPart> Parts, string? Name = null, string? FinishReason = null)
{
    public const string System = "system";
    public const string User = "user";
    public const string Assistant = "assistant";
    public const string Tool = "tool";

    /// <summary>Gets the texts of all text parts, joined.</summary>
    public string Text => Parts is [{ Kind: ReadPartKind.Text, Text: { } only }]
        ? only
        : string.Join('\n', Parts.Where(part => part.Kind == ReadPartKind.Text).Select(part => part.Text));

    public static ReadMessage Of(string role, string text) => new(role, [new ReadPart(ReadPartKind.Text, text)]);
}
