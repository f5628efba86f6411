using System.Collections.Concurrent;
using System.Diagnostics;
using OpenTelemetry;

namespace PandaProbe.Testing;

public sealed class ViewerProcessorTests
{
    [Fact]
    public void A_flush_ends_when_the_viewer_has_answered()
    {
        SlowExporter exporter = new();
        using ViewerProcessor processor = new(exporter);
        processor.OnEnd(new("slow"));

        processor.ForceFlush().ShouldBeTrue();

        exporter.Answered.ShouldBe(["slow"]);
    }

    [Fact]
    public async Task Flushes_side_by_side_end_when_their_own_spans_arrived()
    {
        ListExporter exporter = new();
        using ViewerProcessor processor = new(exporter);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(number => Task.Run(() =>
        {
            string[] names = [.. Enumerable.Range(0, 600).Select(step => $"step {number}.{step}")];
            foreach (string name in names)
                processor.OnEnd(new(name));

            processor.ForceFlush();

            names.Except(exporter.Names).ShouldBeEmpty();
        })));

        exporter.Batches.ShouldAllBe(count => count <= 512);
        exporter.IsInterleaved.ShouldBeFalse();
    }

    [Fact]
    public void A_viewer_that_refuses_is_asked_once_a_flush()
    {
        ListExporter exporter = new() { Result = ExportResult.Failure };
        using ViewerProcessor processor = new(exporter);
        for (int step = 0; step < 1200; step++)
            processor.OnEnd(new("refused"));

        processor.ForceFlush().ShouldBeFalse();

        exporter.Batches.ShouldBe([512]);
    }

    /// <summary>Answers after longer than the second after which a flush of the SDK's batch processor looks at its queue.</summary>
    private sealed class SlowExporter : BaseExporter<Activity>
    {
        public List<string> Answered { get; } = [];

        public override ExportResult Export(in Batch<Activity> batch)
        {
            List<string> taken = [];
            foreach (Activity span in batch)
                taken.Add(span.OperationName);
            Thread.Sleep(TimeSpan.FromMilliseconds(1200));
            Answered.AddRange(taken);
            return ExportResult.Success;
        }
    }

    private sealed class ListExporter : BaseExporter<Activity>
    {
        private int _inside;

        public ConcurrentBag<string> Names { get; } = [];

        public ConcurrentQueue<long> Batches { get; } = new();

        public ExportResult Result { get; init; } = ExportResult.Success;

        public bool IsInterleaved { get; private set; }

        public override ExportResult Export(in Batch<Activity> batch)
        {
            IsInterleaved |= Interlocked.Increment(ref _inside) > 1;
            Batches.Enqueue(batch.Count);
            foreach (Activity span in batch)
                Names.Add(span.OperationName);
            Interlocked.Decrement(ref _inside);
            return Result;
        }
    }
}
