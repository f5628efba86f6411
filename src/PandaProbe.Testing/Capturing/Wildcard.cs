using System.Text.RegularExpressions;

namespace PandaProbe.Testing;

/// <summary>Compares names with patterns in which <c>*</c> stands for any text. Upper and lower case are the same.</summary>
internal static class Wildcard
{
    private const RegexOptions Options =
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.NonBacktracking;

    // FileSystemName.MatchesSimpleExpression takes "?" for any character, escaped or not.
    public static bool IsMatch(string? text, string pattern) => text is not null && (pattern == "*"
        || Regex.IsMatch(text, $@"\A{Regex.Escape(pattern).Replace(@"\*", ".*", StringComparison.Ordinal)}\z", Options));
}
