using PandaProbe.Export.Assembling;
using PandaProbe.Export.Writing;

namespace PandaProbe.Export.Pipeline;

/// <summary>Writes parts into a buffer that it fills again and again. Each sender has its own.</summary>
internal sealed class PartWriter(ExportSettings settings, Settlement settlement) : IDisposable
{
    private readonly PayloadWriter _writer = new(settings);

    public RequestBody Body { get; } = new();

    /// <summary>False when the part cannot be written, and was dropped. Spans that do not fit become a part of their own.</summary>
    public bool TryWrite(TraceRecord record, TracePart part)
    {
        try
        {
            Body.Clear();
            if (part.Score is { } score)
            {
                ScoreWriter.Write(Body, score, settings.Scanner);
                return true;
            }

            long limit = settings.Options.MaxRequestBytes;
            int written = part.HasHead
                ? _writer.WriteTrace(Body, record, part.Spans, part.ContentBudget, limit)
                : _writer.WriteSpanList(Body, part.Spans, part.ContentBudget, limit);
            if (written < part.Count)
                record.Split(part, written);
            return true;
        }
        catch (Exception exception)
        {
            settlement.Unwritable(record, part, exception);
            return false;
        }
    }

    public void Dispose() => Body.Dispose();
}
