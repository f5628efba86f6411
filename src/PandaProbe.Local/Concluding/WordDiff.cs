using System.Text;

namespace PandaProbe.Local.Concluding;

/// <summary>Specifies what became of a piece of text.</summary>
internal enum Change
{
    Same,
    Removed,
    Added,
}

/// <summary>A piece of text that both texts have, or one of them.</summary>
internal readonly record struct TextChange(Change Change, string Text);

/// <summary>Compares two texts word by word.</summary>
internal static class WordDiff
{
    private const long MaxCells = 4_000_000;

    public static List<TextChange> Of(string before, string after)
    {
        List<string> left = Split(before);
        List<string> right = Split(after);
        List<TextChange> changes = [];
        StringBuilder text = new();
        Change current = Change.Same;
        StringBuilder added = new();
        foreach ((int? a, int? b) in Sequences.Align(left.Count, right.Count, (a, b) => left[a] == right[b], MaxCells))
        {
            Change change = a is null ? Change.Added : b is null ? Change.Removed : Change.Same;
            if (change == Change.Added)
            {
                // What was replaced stands before what replaces it.
                added.Append(right[b!.Value]);
                continue;
            }

            if (change == Change.Same && added.Length > 0)
            {
                Flush(changes, current, text);
                Flush(changes, Change.Added, added);
            }

            if (change != current)
                Flush(changes, current, text);
            current = change;
            text.Append(left[a!.Value]);
        }

        Flush(changes, current, text);
        Flush(changes, Change.Added, added);
        return changes;
    }

    private static void Flush(List<TextChange> changes, Change change, StringBuilder text)
    {
        if (text.Length > 0)
            changes.Add(new TextChange(change, text.ToString()));
        text.Clear();
    }

    // A word with the white space after it.
    private static List<string> Split(string text)
    {
        List<string> words = [];
        int start = 0;
        for (int i = 1; i < text.Length; i++)
        {
            if (!char.IsWhiteSpace(text[i]) && char.IsWhiteSpace(text[i - 1]))
            {
                words.Add(text[start..i]);
                start = i;
            }
        }

        if (start < text.Length)
            words.Add(text[start..]);
        return words;
    }
}
