using PandaProbe.Tokenization;

namespace PandaProbe;

/// <summary>
/// Counts the tokens of prompts and answers, where <see cref="TokenCounter"/> is not what you want. May be called from several threads at
/// once.
/// </summary>
public interface ITokenCounter
{
    /// <summary>The tokens of a text.</summary>
    /// <param name="text">A prompt, an answer or a part of one.</param>
    /// <param name="model">The model, if it is known.</param>
    TokenCount Count(ReadOnlySpan<char> text, string? model);

    /// <summary>The tokens of a conversation, with those that its form takes.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="model">The model, if it is known.</param>
    TokenCount Count(ReadOnlySpan<ProbeMessage> messages, string? model);
}
