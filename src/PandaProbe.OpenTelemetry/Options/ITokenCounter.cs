using PandaProbe.Tokenization;

namespace PandaProbe;

/// <summary>
/// Counts the tokens of prompts and answers in place of <see cref="TokenCounter"/>. Several threads call it at the same time.
/// </summary>
public interface ITokenCounter
{
    /// <summary>Counts the tokens of a text.</summary>
    /// <param name="text">A prompt, an answer or a part of one.</param>
    /// <param name="model">The model, or <see langword="null"/> when it is unknown.</param>
    TokenCount Count(ReadOnlySpan<char> text, string? model);

    /// <summary>Counts the tokens of a conversation, including those of its format.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="model">The model, or <see langword="null"/> when it is unknown.</param>
    TokenCount Count(ReadOnlySpan<ProbeMessage> messages, string? model);
}
