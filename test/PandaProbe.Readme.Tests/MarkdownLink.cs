using System.Text.RegularExpressions;

namespace PandaProbe.Readme;

/// <summary>A link in a Markdown file that leads to a file of the repository, or to a heading.</summary>
internal sealed partial record MarkdownLink(string File, int Line, string Target)
{
    public static IReadOnlyList<MarkdownLink> In(string file, string markdown)
    {
        string prose = WithoutCode(markdown);
        return
        [
            .. Inline().Matches(prose)
                .Select(match => new MarkdownLink(file, prose.AsSpan(0, match.Index).Count('\n') + 1, match.Groups["target"].Value))
                .Where(link => !link.Target.Contains("://", StringComparison.Ordinal)),
        ];
    }

    /// <summary>What is wrong with the link, or null.</summary>
    /// <param name="root">The directory that <see cref="File"/> is relative to.</param>
    public string? FindFault(string root)
    {
        string[] parts = Target.Split('#', 2);
        string path = parts[0].Length == 0
            ? Path.Combine(root, File)
            : Path.GetFullPath(Path.Combine(root, Path.GetDirectoryName(File)!, parts[0]));
        if (!System.IO.File.Exists(path) && !Directory.Exists(path))
            return $"{File}:{Line} links to '{Target}', which does not exist";

        return parts.Length == 2 && !Headings(System.IO.File.ReadAllText(path)).Contains(parts[1])
            ? $"{File}:{Line} links to '{Target}', and there is no such heading"
            : null;
    }

    private static HashSet<string> Headings(string markdown) =>
        [.. Heading().Matches(WithoutCode(markdown.ReplaceLineEndings("\n"))).Select(match => Anchor(match.Groups["text"].Value))];

    // As GitHub does: lower case, hyphens for spaces, nothing but letters, digits, hyphens and underscores.
    private static string Anchor(string heading) =>
        string.Concat(heading.Trim().ToLowerInvariant().Replace(' ', '-')
            .Where(character => char.IsLetterOrDigit(character) || character is '-' or '_'));

    // Blanks what stands in fences, so that lines keep their numbers.
    private static string WithoutCode(string markdown) =>
        Fence().Replace(markdown, match => new string('\n', match.Value.Count(character => character == '\n')));

    [GeneratedRegex(@"(?<!!)\[(?:[^\[\]]|\[[^\[\]]*\])+\]\((?<target>[^()\s]+)\)")]
    private static partial Regex Inline();

    [GeneratedRegex(@"^#+ (?<text>.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^[ ]*```.*?^[ ]*```[ ]*$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
