namespace PandaProbe.Safety.Words;

/// <summary>
/// Words that mean the same. They are looked for where a word begins; those that begin beyond ASCII are looked for anywhere.
/// </summary>
internal sealed class WordSet(params IEnumerable<string> words)
{
    public IReadOnlyList<string> Words { get; } = [.. words];

    /// <summary>Gets or sets which set of <see cref="WordIndex.All"/> it is.</summary>
    public int Number { get; set; }

    /// <summary>Gets the bit of the set in the answers of <see cref="WordIndex.All"/>.</summary>
    public ulong Bit => 1UL << Number;
}
