using System.Diagnostics.CodeAnalysis;

namespace PandaProbe.Hosting.Settings;

/// <summary>Parses the text of a setting.</summary>
/// <param name="expected">Describes the valid values, for messages.</param>
/// <param name="parse">Parses a text and returns whether it is valid.</param>
internal sealed class Parser<T>(string expected, Parser<T>.Parse parse)
{
    public delegate bool Parse(string text, [MaybeNullWhen(false)] out T value);

    public string Expected => expected;

    public bool TryParse(string text, [MaybeNullWhen(false)] out T value) => parse(text, out value);
}
