namespace PandaProbe.Safety.Injection;

/// <summary>A family of phrases: words of each of several groups that follow one another with few words between.</summary>
internal sealed class InjectionRule
{
    private readonly string[][] _groups;
    private readonly int _gap;

    /// <param name="name">The name that a score lists.</param>
    /// <param name="weight">How much it says, from 0 to 1.</param>
    /// <param name="gap">One less than how many other words may stand between two groups: -1 for none.</param>
    /// <param name="groups">The groups: words and phrases with <c>|</c> between; <c>*</c> at the end stands for any ending.</param>
    public InjectionRule(string name, double weight, int gap, params string[] groups)
    {
        (Name, Weight, _gap) = (name, weight, gap);
        _groups = [.. groups.Select(group => group.Split('|')
            .Select(word => word.EndsWith('*') ? " " + word[..^1] : IsSpaced(word) ? " " + word + " " : word).ToArray())];
    }

    public string Name { get; }

    public double Weight { get; }

    /// <summary>Gets the phrases of the first group, with the spaces that stand around them.</summary>
    public IReadOnlyList<string> First => _groups[0];

    /// <summary>Tells whether phrases of the other groups follow one of the first.</summary>
    /// <param name="words">The text.</param>
    /// <param name="from">Where the last character of the first phrase is.</param>
    public bool Follows(string words, int from) => Follows(words, from, 1);

    private bool Follows(string words, int from, int group)
    {
        if (group == _groups.Length)
        {
            return true;
        }

        // The end of the window is that many spaces away. Chinese and Japanese have none, so characters bound it too.
        int end = from, spaces = 0;
        while (end < words.Length && end - from < 160 && (spaces += words[end] == ' ' ? 1 : 0) <= _gap + 1)
        {
            end++;
        }

        foreach (string word in _groups[group])
        {
            int at = words.IndexOf(word, from, Math.Min(words.Length, end + word.Length) - from, StringComparison.Ordinal);
            if (at >= 0 && at <= end && Follows(words, at + word.Length - 1, group + 1))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsSpaced(string word) => word[0] < 0x2E80;
}
