using System.Text.RegularExpressions;
using PandaProbe.Safety;

namespace PandaProbe.Testing.Cassettes.Masking;

/// <summary>
/// Ids of organisations, which OpenAI writes into the messages of its errors: "Rate limit reached … in organization org-…".
/// </summary>
internal sealed partial class OrganizationIds : ISensitiveDetector
{
    public string Name => "organization";

    public void Detect(ReadOnlySpan<char> text, SensitiveMatches matches)
    {
        foreach (ValueMatch match in Pattern().EnumerateMatches(text))
            matches.Add(match.Index, match.Length);
    }

    [GeneratedRegex(@"\borg-[A-Za-z0-9]{8,64}\b", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
