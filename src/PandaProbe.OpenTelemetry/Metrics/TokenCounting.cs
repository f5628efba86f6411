using PandaProbe.Diagnostics;
using PandaProbe.Runtime;
using PandaProbe.Tokenization;

namespace PandaProbe.Metrics;

/// <summary>Counts by the counter that the options of a living provider name, the latest first, otherwise by <see cref="TokenCounter"/>. Never throws.</summary>
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
                prompt[i] = new(messages[i].Role, messages[i].Content);
            return TokenCounter.Count(prompt, model);
        }
        catch (Exception exception)
        {
            PandaProbeEventSource.Log.UserCodeFailed("count tokens", exception);
            return null;
        }
    }
}
