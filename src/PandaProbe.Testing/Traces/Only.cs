namespace PandaProbe.Testing;

/// <summary>Finds the one span that a test names.</summary>
internal static class Only
{
    public static CapturedSpan Named(IReadOnlyList<CapturedSpan> spans, string name)
    {
        CapturedSpan[] found = [.. spans.Where(span => span.Name == name)];
        if (found is [var only])
            return only;

        string count = found.Length == 0 ? "no span" : $"{found.Length} spans";
        throw new ProbeAssertionException(
            $"There should be one span '{name}', but there {(found.Length == 0 ? "is" : "are")} {count} of this name.\n\nCaptured:\n"
            + Texts.Indent(TreeText.Of([.. spans.Where(span => span.Parent is null)])));
    }
}
