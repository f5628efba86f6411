using PandaProbe.Diagnostics;
using PandaProbe.Messages;
using PandaProbe.Runtime;
using PandaProbe.Tokenization;
using PandaProbe.Values;

namespace PandaProbe.Metrics;

/// <summary>
/// Counts tokens by the counter in the options of the newest running provider that has one, otherwise by <see cref="TokenCounter"/>. Never
/// throws: returns <see langword="null"/> when the counter fails.
/// </summary>
internal static class TokenCounting
{
    public const string Tiktoken = "tiktoken";
    public const string Estimated = "estimated";

    public static string Name(TokenCountMethod method) => method == TokenCountMethod.Tiktoken ? Tiktoken : Estimated;

    public static TokenCount? Count(ReadOnlySpan<char> text, string? model)
    {
        try
        {
            if (ProcessSettings.Current.TokenCounter is not { } counter)
                return TokenCounter.Count(text, model);
            if (UserCode.IsRunning)
                return null;

            using (UserCode.Enter())
                return counter.Count(text, model);
        }
        catch (Exception exception)
        {
            PandaProbeEventSource.Log.UserCodeFailed("count tokens", exception);
            return null;
        }
    }

    public static TokenCount? Count(ReadOnlySpan<ProbeMessage> messages, string? model)
    {
        try
        {
            if (ProcessSettings.Current.TokenCounter is { } counter)
            {
                if (UserCode.IsRunning)
                    return null;

                using (UserCode.Enter())
                    return counter.Count(messages, model);
            }

            var prompt = new TokenMessage[messages.Length];
            for (int i = 0; i < prompt.Length; i++)
                prompt[i] = Counted(messages[i]);
            return TokenCounter.Count(prompt, model);
        }
        catch (Exception exception)
        {
            PandaProbeEventSource.Log.UserCodeFailed("count tokens", exception);
            return null;
        }
    }

    // The model reads texts, names and tool calls, and sees images. The tokens of other bytes and of referenced files are not known.
    private static TokenMessage Counted(in ProbeMessage message)
    {
        if (message.Parts is not { } parts)
            return new(message.Role, message.Content, message.Name);

        return new(message.Role, string.Concat(parts.Select(static part => part.Kind switch
        {
            PartKind.ToolCall => part.Name + TextOf(part.Arguments),
            PartKind.ToolResult => TextOf(part.Result),
            _ => part.Content,
        })), message.Name)
        {
            Images = [.. parts.Where(
                static part => part.Kind is PartKind.Uri or PartKind.Blob && part.MimeType is { } type
                && type.StartsWith("image/", StringComparison.OrdinalIgnoreCase))
                .Select(static _ => new TokenImage())],
        };
    }

    private static string? TextOf(object? value) => value is null or string ? (string?)value : FrozenValue.ToJson(FrozenValue.Of(value));
}
