using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Serving;

/// <summary>
/// The spans of a trace, each before its children, one list per field: the names of fields are sent once, and not with each of 100,000
/// spans. Texts that repeat are numbers into <see cref="Texts"/>; -1 stands for none.
/// </summary>
internal sealed record HeadColumns
{
    public required int Count { get; init; }

    public required IReadOnlyList<string> Texts { get; init; }

    public required string[] Id { get; init; }

    /// <summary>The row of the parent; -1 for a root.</summary>
    public required int[] Parent { get; init; }

    public required int[] Depth { get; init; }

    public required int[] Kind { get; init; }

    public required int[] Name { get; init; }

    /// <summary>Milliseconds behind the start of the trace.</summary>
    public required double[] Start { get; init; }

    /// <summary>Milliseconds; -1 while the span runs.</summary>
    public required double[] Duration { get; init; }

    /// <summary>
    /// 1: failed. 2: its tokens and cost are a sum, and not in the trace's. 4: it runs. 8: nobody told of it but its children. 16: a call
    /// to a model.
    /// </summary>
    public required int[] Flags { get; init; }

    public required int[] Model { get; init; }

    public required long?[] Input { get; init; }

    public required long?[] Output { get; init; }

    public required double?[] Cost { get; init; }

    public required int[] Error { get; init; }

    public static HeadColumns Of(TraceHeads heads, TraceItem trace)
    {
        int count = heads.Ordered.Count;
        List<string> texts = [];
        Dictionary<string, int> numbers = new(StringComparer.Ordinal);
        Dictionary<string, int> rows = new(count, StringComparer.Ordinal);
        HeadColumns columns = new()
        {
            Count = count,
            Texts = texts,
            Id = new string[count],
            Parent = new int[count],
            Depth = new int[count],
            Kind = new int[count],
            Name = new int[count],
            Start = new double[count],
            Duration = new double[count],
            Flags = new int[count],
            Model = new int[count],
            Input = new long?[count],
            Output = new long?[count],
            Cost = new double?[count],
            Error = new int[count],
        };
        long start = heads.Ordered.Count == 0 ? 0 : heads.Ordered.Min(static item => item.Span.Facts.Start);
        for (int i = 0; i < count; i++)
        {
            (SpanHead span, int depth) = heads.Ordered[i];
            rows[span.Facts.Id] = i;
            columns.Id[i] = span.Facts.Id;
            columns.Parent[i] = depth > 0 && span.Facts.ParentId is { } parent && rows.TryGetValue(parent, out int row) ? row : -1;
            columns.Depth[i] = depth;
            columns.Kind[i] = Number(span.Source == SpanSource.Placeholder ? null : SpanRowMaker.KindName(span.Facts.Kind));
            columns.Name[i] = Number(span.Facts.Name);
            columns.Start[i] = Times.Milliseconds(span.Facts.Start - start);
            columns.Duration[i] = span.Facts.IsRunning ? -1 : Times.Milliseconds(Math.Max(0, span.Facts.End - span.Facts.Start));
            columns.Flags[i] = (span.Facts.IsError ? 1 : 0) | (span.IsSum ? 2 : 0) | (span.Facts.IsRunning ? 4 : 0)
                | (span.Source == SpanSource.Placeholder ? 8 : 0) | (span.Facts.IsCall ? 16 : 0);
            columns.Model[i] = Number(span.Facts.Model);
            columns.Input[i] = span.Facts.Input;
            columns.Output[i] = span.Facts.Output;
            columns.Cost[i] = (double?)span.Facts.Cost;
            columns.Error[i] = Number(span.Facts.Error);
        }

        return columns;

        int Number(string? text)
        {
            if (text is null)
                return -1;
            if (!numbers.TryGetValue(text, out int number))
            {
                numbers[text] = number = texts.Count;
                texts.Add(text);
            }

            return number;
        }
    }
}
