namespace PandaProbe.Tokenization;

/// <summary>A message of a chat prompt whose tokens are counted.</summary>
/// <param name="Role">Who speaks: <c>system</c>, <c>user</c>, <c>assistant</c>, <c>tool</c> …</param>
/// <param name="Content">The text; null where the message has none.</param>
/// <param name="Name">The participant's name, if the message carries one.</param>
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
    /// <summary>The images that come with the text; null is none.</summary>
    public IReadOnlyList<TokenImage>? Images { get; init; }
}
