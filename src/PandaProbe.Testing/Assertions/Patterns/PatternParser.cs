using System.Globalization;
using PandaProbe.Conventions;

namespace PandaProbe.Testing.Patterns;

/// <summary>Reads a pattern: one line per span, indentation for children.</summary>
internal static class PatternParser
{
    private static readonly string[] Kinds = [SpanKinds.Trace, .. Enum.GetValues<ProbeSpanKind>().Select(kind => SpanKinds.Name(kind)),
        "*"];

    public static IReadOnlyList<PatternNode> Parse(string pattern)
    {
        List<PatternNode> roots = [];
        Stack<(int Indent, PatternNode Node)> open = new();
        int number = 0;
        foreach (string raw in pattern.ReplaceLineEndings("\n").Split('\n'))
        {
            number++;
            string line = raw.Trim();
            if (line.Length == 0 || line[0] == '#')
                continue;

            int indent = Indent(raw, number);
            PatternNode node = ParseLine(line, number);
            while (open.Count > 0 && open.Peek().Indent >= indent)
                open.Pop();
            if (open.Count > 0 && open.Peek().Node.Line == PatternLine.Rest)
                throw Broken(line, number, "'...' has no children");
            (open.Count > 0 ? open.Peek().Node.Children : roots).Add(node);
            open.Push((indent, node));
        }

        return roots.Count > 0 ? roots : throw new ArgumentException("The pattern has no line that stands for a span.", nameof(pattern));
    }

    private static int Indent(string line, int number)
    {
        int length = line.Length - line.TrimStart().Length;
        return line.IndexOf('\t', StringComparison.Ordinal) is var tab && tab >= 0 && tab < length
            ? throw Broken(line, number, "indent with spaces, not with tabs")
            : length;
    }

    private static PatternNode ParseLine(string line, int number)
    {
        switch (line)
        {
            case "...":
                return new(PatternLine.Rest, line, number) { Least = 0, Most = int.MaxValue };
            case "unordered":
                return new(PatternLine.Unordered, line, number);
        }

        List<string> words = [.. Words(line, number)];
        bool isOptional = words[0] == "?";
        if (isOptional)
            words.RemoveAt(0);
        if (words.Count == 0 || !Kinds.Contains(words[0], StringComparer.OrdinalIgnoreCase))
        {
            throw Broken(line, number, $"'{words.FirstOrDefault()}' is not a kind of span; kinds are {string.Join(", ", Kinds)}, and the "
                + "lines 'unordered' and '...' stand alone");
        }

        (int least, int most) = (isOptional ? 0 : 1, 1);
        string? name = null, model = null, provider = null, error = null;
        bool mustSucceed = false;
        foreach (string word in words.Skip(1))
        {
            if (Value(word, "model:") is { } givenModel)
                model = givenModel;
            else if (Value(word, "provider:") is { } givenProvider)
                provider = givenProvider;
            else if (Value(word, "error:") is { } givenError)
                error = givenError;
            else if (TryCount(word, out int from, out int to))
                (least, most) = (isOptional ? 0 : from, to);
            else if (name is null)
                name = word;
            else if (word == "ok")
                mustSucceed = true;
            else
                throw Broken(line, number, $"'{word}' is no condition; a name with spaces stands in quotes");
        }

        return new(PatternLine.Span, line, number)
        {
            Kind = words[0],
            Name = name ?? "*",
            Model = model,
            Provider = provider,
            Error = error,
            MustSucceed = mustSucceed,
            Least = least,
            Most = most,
        };
    }

    private static string? Value(string word, string label) =>
        word.StartsWith(label, StringComparison.Ordinal) ? word[label.Length..] : null;

    // ×2, ×1..2, ×2..; x does as well, because keyboards have it.
    private static bool TryCount(string word, out int least, out int most)
    {
        (least, most) = (0, 0);
        if (word.Length < 2 || word[0] is not ('×' or 'x'))
            return false;

        string[] ends = word[1..].Split("..");
        if (ends.Length > 2 || !TryNumber(ends[0], out least))
            return false;
        if (ends.Length == 1)
            most = least;
        else if (ends[1].Length == 0)
            most = int.MaxValue;
        else if (!TryNumber(ends[1], out most))
            return false;
        return most >= least;

        static bool TryNumber(string text, out int number) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static IEnumerable<string> Words(string line, int number)
    {
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == ' ')
                continue;

            bool isQuoted = line[i] == '"';
            int start = isQuoted ? i + 1 : i;
            int end = line.IndexOf(isQuoted ? '"' : ' ', start);
            if (end < 0)
                end = isQuoted ? throw Broken(line, number, "a quote is not closed") : line.Length;
            yield return line[start..end];
            i = end;
        }
    }

    private static ArgumentException Broken(string line, int number, string reason) =>
        new($"Line {number} of the pattern is not understood: {reason}.\n\n  {line.Trim()}");
}
