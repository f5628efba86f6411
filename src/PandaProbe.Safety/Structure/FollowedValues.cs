using PandaProbe.Safety.Structure;

namespace PandaProbe.Safety;

/// <summary>
/// Finds values that a tool's result or a document brought in and a later tool call uses although nobody said them: what an order that is
/// planted in a document looks like from outside, and also what a search and the reading of its results looks like.
/// </summary>
public static class FollowedValues
{
    /// <summary>Finds the values that were followed: URLs, e-mail addresses, telephone and account numbers, keys.</summary>
    /// <param name="texts">The texts of a trace, in the order of time: the arguments of a tool call before its result.</param>
    /// <returns>The findings, one for each value and each span that uses it.</returns>
    public static IReadOnlyList<FollowedValue> Find(IEnumerable<SpanText> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return [.. Pairs(texts).Select(pair => pair.Found).Distinct()];
    }

    /// <summary>Finds the values that arguments take from a tool's result and that nobody said.</summary>
    /// <param name="toolResult">The result of the first tool.</param>
    /// <param name="toolArguments">The arguments of the later call.</param>
    /// <param name="said">What users and instructions said.</param>
    /// <returns>The values, in small letters, each once.</returns>
    public static IReadOnlyList<string> Between(string? toolResult, string? toolArguments, params IEnumerable<string> said)
    {
        ArgumentNullException.ThrowIfNull(said);
        IEnumerable<SpanText> texts = said.Select(text => new SpanText("", SpanTextSource.User, text))
            .Append(new("result", SpanTextSource.ToolResult, toolResult ?? ""))
            .Append(new("call", SpanTextSource.ToolArguments, toolArguments ?? ""));
        return [.. Pairs(texts).Select(pair => pair.Value).Distinct()];
    }

    private static IEnumerable<(FollowedValue Found, string Value)> Pairs(IEnumerable<SpanText> texts)
    {
        FollowWatch watch = new(int.MaxValue);
        return texts.SelectMany(watch.Add);
    }
}
