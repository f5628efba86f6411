namespace PandaProbe.Testing;

/// <summary>Finds the one span that a test names.</summary>
internal static class Only
{
    public static CapturedSpan Named(IReadOnlyList<CapturedSpan> spans, string name)
    {
        CapturedSpan[] found = [.. spans.Where(span => span.Name == name)];
        if (found is [var only])
            return only;

        string count = found.Length == 0 ? "is none" : $"are {found.Length}";
        string advice = found.Length == 0 ? "" : "\n\nTake the one that you want from Spans, or from the Children of a span.";
        throw new ProbeAssertionException(
            $"There should be one span '{name}', but there {count}.\n\nCaptured:\n"
            + Texts.Indent(TreeText.Of([.. spans.Where(span => span.Parent is null)])) + advice);
    }
}
