using System.Globalization;
using System.Text;

namespace PandaProbe.Testing;

/// <summary>Writes spans as an indented tree, as the messages of assertions show them.</summary>
internal static class TreeText
{
    private const int MaxName = 120;

    public static string Of(IReadOnlyList<CapturedSpan> roots)
    {
        if (roots.Count == 0)
            return "(no span)";

        StringBuilder text = new();
        foreach (CapturedSpan root in roots)
            Write(text, root, 0);
        return text.ToString().TrimEnd('\n');
    }

    public static string Line(CapturedSpan span)
    {
        StringBuilder line = new StringBuilder().Append(span.Kind).Append(' ').Append(TextCut.Short(span.Name, MaxName));
        if (span.Model is { } model && model != span.Name)
            line.Append(" model:").Append(model);
        if (span.Usage.TotalTokens is { } tokens)
            line.Append(CultureInfo.InvariantCulture, $" {tokens} tokens");
        if (span.Cost is { } cost)
            line.Append(' ').Append(Texts.Dollars(cost));
        if (span.IsError)
            line.Append(" error:").Append(span.ErrorType ?? "?");
        if (span.IsOpen)
            line.Append(" (open)");
        return line.ToString();
    }

    private static void Write(StringBuilder text, CapturedSpan span, int depth)
    {
        text.Append(' ', depth * 2).Append(Line(span)).Append('\n');
        foreach (CapturedSpan child in span.Children)
            Write(text, child, depth + 1);
    }
}
