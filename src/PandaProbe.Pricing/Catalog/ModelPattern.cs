using System.Text.RegularExpressions;

namespace PandaProbe.Pricing;

/// <summary>Recognises lower-cased names of models or providers.</summary>
internal sealed class ModelPattern
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(50);

    private Regex? _regex;

    /// <param name="kind">How to compare.</param>
    /// <param name="text">What to compare with, lower-cased unless it is a regular expression.</param>
    /// <param name="parts">What <see cref="PatternKind.Any"/> or <see cref="PatternKind.All"/> of must match.</param>
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

    /// <summary>Whether the pattern was written by a user, who may have written one that never ends.</summary>
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
        foreach (var part in Parts)
        {
            if (part.Matches(name))
                return true;
        }

        return false;
    }

    private bool MatchesAll(string name)
    {
        foreach (var part in Parts)
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

    // The engine that cannot backtrack takes a tenth of a second to start, which the package's own patterns do without.
    private static Regex CompileForeign(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, Timeout);
        }
        catch (NotSupportedException)
        {
            // Lookarounds and back-references need the other engine; there the timeout is what bounds it.
            return Compile(pattern);
        }
    }
}
