using System.IO.Enumeration;

namespace PandaProbe.Testing;

/// <summary>Compares names with patterns in which <c>*</c> stands for any text.</summary>
internal static class Wildcard
{
    public static bool IsMatch(string? text, string pattern) =>
        text is not null && FileSystemName.MatchesSimpleExpression(pattern, text, ignoreCase: true);
}
