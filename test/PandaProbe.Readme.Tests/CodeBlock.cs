using System.Text.RegularExpressions;

namespace PandaProbe.Readme;

/// <summary>
/// A piece of C# in a README, and what the reader is supposed to have already: a hidden <c>&lt;!-- prelude: … --&gt;</c> before it.
/// </summary>
internal sealed partial record CodeBlock(string File, int Line, string Prelude, string Code)
{
    public static IReadOnlyList<CodeBlock> In(string file, string markdown) =>
    [
        .. Fence().Matches(markdown.ReplaceLineEndings("\n")).Select(match => new CodeBlock(
            file, markdown.ReplaceLineEndings("\n").AsSpan(0, match.Groups["code"].Index).Count('\n') + 1, match.Groups["prelude"].Value,
            match.Groups["code"].Value)),
    ];

    public override string ToString() => $"{File}:{Line}";

    [GeneratedRegex("""(<!-- prelude:(?<prelude>.*?)-->\s*?\n\s*)?^[ ]*```(csharp|cs|c\#)[^\n]*\n(?<code>.*?)^[ ]*```""", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Fence();
}
