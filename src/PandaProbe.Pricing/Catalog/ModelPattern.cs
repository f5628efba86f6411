using System.Text.RegularExpressions;

namespace PandaProbe.Pricing;

/// <summary>Matches lower-cased names of models or providers.</summary>
internal sealed class ModelPattern
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(50);

    private Regex? _regex;

    /// <param name="kind">The kind of comparison.</param>
    /// <param name="text">The text to compare with, lower-cased unless it is a regular expression.</param>
    /// <param name="parts">The patterns of <see cref="PatternKind.Any"/> or <see cref="PatternKind.All"/>.</param>
    internal ModelPattern(PatternKind kind, string text, ModelPattern[]? parts = null)
    {
        Kind = kind;
        Text = text;
        Parts = parts ?? [];
    }

    internal PatternKind Kind { get; }

    internal string Text { get; }

    internal ModelPattern[] Parts { get; }

    internal bool Matches(string name) => Kind switch
    {
        PatternKind.Exact => name == Text,
        PatternKind.Prefix => name.StartsWith(Text, StringComparison.Ordinal),
        PatternKind.Suffix => name.EndsWith(Text, StringComparison.Ordinal),
        PatternKind.Contains => name.Contains(Text, StringComparison.Ordinal),
        PatternKind.Regex => MatchesRegex(name),
        PatternKind.Any => MatchesAny(name),
        _ => MatchesAll(name),
    };

    /// <summary>Gets whether a user wrote the pattern. Such a regular expression may backtrack without bound.</summary>
    internal bool IsForeign { get; init; }

    internal static string? FindFault(string regex)
    {
        try
        {
            CompileForeign(regex);
            return null;
        }
        catch (ArgumentException fault)
        {
            return fault.Message;
        }
    }

    private bool MatchesAny(string name)
    {
        foreach (ModelPattern part in Parts)
        {
            if (part.Matches(name))
                return true;
        }

        return false;
    }

    private bool MatchesAll(string name)
    {
        foreach (ModelPattern part in Parts)
        {
            if (!part.Matches(name))
                return false;
        }

        return true;
    }

    private bool MatchesRegex(string name)
    {
        try
        {
            return (_regex ??= IsForeign ? CompileForeign(Text) : Compile(Text)).IsMatch(name);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private static Regex Compile(string pattern) => new(pattern, RegexOptions.CultureInvariant, Timeout);

    // The non-backtracking engine takes a tenth of a second to start. The package's own patterns avoid that.
    private static Regex CompileForeign(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, Timeout);
        }
        catch (NotSupportedException)
        {
            // Lookarounds and back-references need the backtracking engine. Its timeout bounds it.
            return Compile(pattern);
        }
    }
}
