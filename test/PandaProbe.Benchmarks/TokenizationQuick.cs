using System.Diagnostics;
using System.Text;
using PandaProbe.Tokenization;

namespace PandaProbe.Benchmarks;

/// <summary>
/// MB/s and bytes of counting and encoding in less than a minute, for tuning: <c>dotnet run -c Release --project test/PandaProbe.Benchmarks
/// -- tokenization-quick</c>. Each figure is the best of many rounds, each over another text made from a new seed and short, so that little
/// interrupts it on a busy machine.
/// </summary>
internal static class TokenizationQuick
{
    private const int Characters = 150_000;

    public static int Run(string[] encodings)
    {
        var loads = new StringBuilder();
        if (encodings.Length == 0)
            encodings = ["o200k_base", "cl100k_base"];
        foreach (string encoding in encodings)
            loads.AppendLine(Load(encoding));
        Console.Write(loads);

        Console.WriteLine($"{"MB/s of UTF-8",-26}{"count",10}{"seen",10}{"utf8",10}{"encode",10}{"2 threads",12}{"bytes",8}{"tokens",10}");
        foreach (string encoding in encodings)
        {
            var tokenizer = Tokenizer.ForEncoding(encoding);
            foreach (string kind in TokenizationTexts.Kinds)
                Measure(tokenizer, kind);
        }

        return 0;
    }

    private static void Measure(Tokenizer tokenizer, string kind)
    {
        const int Rounds = 40;
        string[] texts = Enumerable.Range(0, Rounds + 2).Select(seed => TokenizationTexts.Make(kind, seed, Characters)).ToArray();
        byte[][] utf8 = texts.Select(Encoding.UTF8.GetBytes).ToArray();
        double megabytes = utf8[0].Length / 1e6;

        // Two more texts warm the code up; they say nothing about those that are measured.
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start).TotalSeconds < 0.4;)
        {
            tokenizer.CountTokens(texts[Rounds]);
            tokenizer.CountTokens(utf8[Rounds + 1]);
            tokenizer.Encode(texts[Rounds + 1]);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Rounds; i++)
            tokenizer.CountTokens(texts[i]);
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        texts = [.. Enumerable.Range(100, Rounds).Select(seed => TokenizationTexts.Make(kind, seed, Characters))];
        double count = Best(Rounds, i => tokenizer.CountTokens(texts[i]), ProcessorTime);
        double seen = Best(Rounds, _ => tokenizer.CountTokens(texts[0]), ProcessorTime);
        double fromUtf8 = Best(Rounds, i => tokenizer.CountTokens(utf8[i]), ProcessorTime);
        double encode = Best(Rounds, i => tokenizer.Encode(texts[i]), ProcessorTime);
        double both = OnTwoThreads(12, i => tokenizer.CountTokens(texts[i]), Rounds) / Rounds * 2;
        Console.WriteLine(
            $"{tokenizer.Encoding + " " + kind,-26}{megabytes / count,10:F0}{megabytes / seen,10:F0}{megabytes / fromUtf8,10:F0}{megabytes / encode,10:F0}"
            + $"{2 * megabytes / both,12:F0}{bytes,8}{tokenizer.CountTokens(texts[0]),10}");
    }

    // Both threads are there before the clock starts, and each works on texts of its own.
    private static double OnTwoThreads(int rounds, Action<int> action, int count)
    {
        using var barrier = new Barrier(2);
        var other = new Thread(() =>
        {
            for (int round = 0; round < rounds; round++)
            {
                barrier.SignalAndWait();
                for (int i = 1; i < count; i += 2)
                    action(i);
                barrier.SignalAndWait();
            }
        });
        other.Start();
        double best = double.MaxValue;
        for (int round = 0; round < rounds; round++)
        {
            barrier.SignalAndWait();
            TimeSpan start = WallTime();
            for (int i = 0; i < count; i += 2)
                action(i);
            barrier.SignalAndWait();
            best = Math.Min(best, (WallTime() - start).TotalSeconds);
        }

        other.Join();
        return best;
    }

    // On a busy machine the time of the wall says nothing about one thread.
    private static TimeSpan ProcessorTime() => Environment.CpuUsage.TotalTime;

    private static TimeSpan WallTime() => Stopwatch.GetElapsedTime(0);

    private static double Best(int rounds, Action<int> action, Func<TimeSpan> clock)
    {
        double best = double.MaxValue;
        for (int i = 0; i < rounds; i++)
        {
            TimeSpan start = clock();
            action(i);
            best = Math.Min(best, (clock() - start).TotalSeconds);
        }

        return best;
    }

    private static string Load(string encoding)
    {
        long resident = GC.GetTotalMemory(forceFullCollection: true);
        (TimeSpan start, TimeSpan processorStart) = (WallTime(), ProcessorTime());
        int tokens = Tokenizer.ForEncoding(encoding).CountTokens("Hello world!");
        (TimeSpan elapsed, TimeSpan processor) = (WallTime() - start, ProcessorTime() - processorStart);

        // Words that are no token need tables that the first use did not wait for.
        tokens += Tokenizer.ForEncoding(encoding).CountTokens(" xqzwvkj pfrtwgh");
        (TimeSpan merged, TimeSpan mergedProcessor) = (WallTime() - start, ProcessorTime() - processorStart);
        return $"{encoding}: first use {elapsed.TotalMilliseconds:F1} ms, {processor.TotalMilliseconds:F1} ms of processors; with the first merge {merged.TotalMilliseconds:F1} ms, {mergedProcessor.TotalMilliseconds:F1} ms ({tokens} tokens); resident {(GC.GetTotalMemory(forceFullCollection: true) - resident) / 1e6:F1} MB";
    }
}
