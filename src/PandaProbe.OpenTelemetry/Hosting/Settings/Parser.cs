using System.Diagnostics.CodeAnalysis;

namespace PandaProbe.Hosting.Settings;

/// <summary>Turns the text of a setting into its value.</summary>
/// <param name="expected">What the text may be, for people.</param>
/// <param name="parse">Returns whether the text is a value.</param>
internal sealed class Parser<T>(string expected, Parser<T>.Parse parse)
{
    public delegate bool Parse(string text, [MaybeNullWhen(false)] out T value);

    public string Expected => expected;

    public bool TryParse(string text, [MaybeNullWhen(false)] out T value) => parse(text, out value);
}
