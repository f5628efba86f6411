using System.Runtime.CompilerServices;

namespace PandaProbe.Safety.Secrets;

/// <summary>
/// Remembers how far the characters of each alphabet go on. Many beginnings of tokens share the end of their run, "sk-sk-sk-…", which is
/// so read once.
/// </summary>
internal struct SecretRuns
{
    // A text can hold many beginnings of tokens: how many of its characters may be read again to judge them.
    private const int RereadsPerCharacter = 2, FreeRereads = 4096;

    private Read _read;

    /// <summary>Gets how many characters were read apart from the pass over the text.</summary>
    public int Rereads { get; private set; }

    /// <summary>Whether a token that begins here may be looked at.</summary>
    public readonly bool MayRead(int at) => Rereads < FreeRereads + ((long)at * RereadsPerCharacter);

    /// <summary>Notes that characters were read again.</summary>
    public void Reread(int characters) => Rereads += characters;

    /// <summary>Returns how many characters the part takes from here on; 0 where it does not fit.</summary>
    public int Length(ReadOnlySpan<char> text, int from, SecretPart part)
    {
        if (part.Index < 0)
        {
            return (uint)from < (uint)text.Length && text[from] == part.Alphabet ? 1 : 0;
        }

        ref (int From, int To) read = ref _read[part.Index];
        if (from < read.From || from > read.To)
        {
            read = (from, from);
        }

        int most = (int)Math.Min(text.Length, (long)from + part.Most), before = read.To;
        while (read.To < most && part.Has(text[read.To]))
        {
            read.To++;
        }

        Rereads += read.To - before;
        int length = Math.Min(read.To, most) - from;
        return length < part.Least ? 0 : length;
    }

    [InlineArray(10)]
    private struct Read
    {
        private (int From, int To) _first;
    }
}
