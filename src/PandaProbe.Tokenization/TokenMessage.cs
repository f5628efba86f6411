namespace PandaProbe.Tokenization;

/// <summary>A message of a chat prompt for counting.</summary>
/// <param name="Role">The role: <c>system</c>, <c>user</c>, <c>assistant</c>, <c>tool</c> …</param>
/// <param name="Content">The text; null for a message without text.</param>
/// <param name="Name">The participant's name; null for none.</param>
/// <example>
/// <code>
/// TokenMessage[] prompt =
/// [
///     new("system", "You are terse."),
///     new("user", "What is in this picture?") { Images = [new(TokenImageDetail.High, 1024, 768)] },
/// ];
/// TokenCount count = TokenCounter.Count(prompt, "gpt-4o");
/// </code>
/// </example>
public readonly record struct TokenMessage(string? Role, string? Content, string? Name = null)
{
    /// <summary>Gets the images of the message. The default is null, which means none.</summary>
    public IReadOnlyList<TokenImage>? Images { get; init; }
}
