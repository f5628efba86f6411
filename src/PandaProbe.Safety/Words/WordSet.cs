namespace PandaProbe.Safety.Words;

/// <summary>Words that mean the same. They are looked for where a word begins; those that begin beyond ASCII are looked for anywhere.</summary>
internal sealed class WordSet(params IEnumerable<string> words)
{
    public IReadOnlyList<string> Words { get; } = [.. words];

    /// <summary>Gets or sets the bit of the set in the answers of its <see cref="WordIndex"/>.</summary>
    public ulong Bit { get; set; }
}
