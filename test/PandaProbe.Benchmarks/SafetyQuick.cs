using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;
using PandaProbe.Safety;

namespace PandaProbe.Benchmarks;

/// <summary>
/// Million characters a second of the scanner beside sixteen source-generated patterns, by kind of text and for hostile ones:
/// <c>dotnet run -c Release --project test/PandaProbe.Benchmarks -- safety [part of a kind's name]</c>. The best of many rounds, in time of
/// the processor.
/// </summary>
/// <remarks>
/// Goals: 50 for every kind; the column "net8.0" at least a third of "all". That column is the library's build for net8.0 in the same
/// process: what it lacks of later frameworks shows, what the runtime of .NET 8 does slower does not.
/// </remarks>
internal static class SafetyQuick
{
    private const int Rounds = 15, Goal = 50;

    public static int Run(string[] args)
    {
        SensitiveScanner all = new(new SafetyOptions().MaskPersonalData()), secrets = new();
        Action<string>? older = OlderBuild();
        Console.WriteLine(
            "million characters/s       secrets       all    net8.0  no vectors      mask  patterns       x   bytes   found  patterns");
        foreach ((string kind, string text) in SafetyTexts.All().Where(text => args is not [var part] || text.Kind.Contains(part)))
        {
            double ofSecrets = Rate(text, () => secrets.Scan(text)), ofAll = Rate(text, () => all.Scan(text)),
                plain = Rate(text, () => all.Find(text, default, default, plain: true));
            double ofOlder = older is null ? 0 : Rate(text, () => older(text));
            double mask = Rate(text, () => all.Mask(text)), patterns = Rate(text, () => SafetyPatterns.Count(text), most: 3);
            long before = GC.GetAllocatedBytesForCurrentThread();
            int found = all.Scan(text).Count;
            long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            Console.WriteLine(
                $"{kind,-24}{ofSecrets,10:F0}{ofAll,10:F0}{ofOlder,10:F0}{plain,12:F0}{mask,10:F0}{patterns,10:F1}{ofAll / patterns,8:F0}"
                + $"{bytes,8}{found,8}{SafetyPatterns.Count(text),10}{(ofAll < Goal ? "  below the goal" : "")}");
        }

        if (args.Length == 0)
        {
            (string text, string json) = SafetyTexts.Long();
            Long("secrets in a text", secrets, text);
            Long("secrets in a document", secrets, json);
            Long("all in a text", all, text);
            Long("all in a document", all, json);
        }

        return 0;
    }

    private static void Long(string what, SensitiveScanner scanner, string text)
    {
        scanner.Mask(text);
        long before = GC.GetAllocatedBytesForCurrentThread(), start = Stopwatch.GetTimestamp();
        MaskedText masked = scanner.Mask(text);
        TimeSpan time = Stopwatch.GetElapsedTime(start);
        Console.WriteLine($"10 million characters, {what,-22}{time.TotalMilliseconds,8:F1} ms "
            + $"{(GC.GetAllocatedBytesForCurrentThread() - before) / 1e6,8:F1} MB  {masked.Outcome}, {masked.Findings.Count} findings");
    }

    /// <summary>The scan of the library's build for net8.0; null where it was not built.</summary>
    private static Action<string>? OlderBuild()
    {
        string current = typeof(SensitiveScanner).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? "Release";
        string? root = AppContext.BaseDirectory;
        while (root is not null && !File.Exists(Path.Combine(root, "PandaProbe.OpenTelemetry.sln")))
        {
            root = Path.GetDirectoryName(root);
        }

        string path = Path.Combine(root ?? "", $"src/PandaProbe.Safety/bin/{current}/net8.0/PandaProbe.Safety.dll");
        if (!File.Exists(path))
        {
            return null;
        }

        Assembly assembly = new AssemblyLoadContext("net8.0").LoadFromAssemblyPath(path);
        Type options = assembly.GetType(typeof(SafetyOptions).FullName!)!, scanner = assembly.GetType(typeof(SensitiveScanner).FullName!)!;
        object settings = options.GetMethod(nameof(SafetyOptions.MaskPersonalData))!.Invoke(Activator.CreateInstance(options), null)!;
        MethodInfo scan = scanner.GetMethod(nameof(SensitiveScanner.Scan))!;
        object instance = Activator.CreateInstance(scanner, settings)!;
        return text => scan.Invoke(instance, [text, null]);
    }

    private static double Rate(string text, Action scan, int most = Rounds)
    {
        double best = double.MaxValue;
        int perRound = 1;
        for (int round = -3; round < most; round++)
        {
            TimeSpan start = Environment.CpuUsage.TotalTime;
            for (int i = 0; i < perRound; i++)
            {
                scan();
            }

            double seconds = (Environment.CpuUsage.TotalTime - start).TotalSeconds;
            if (round < 0)
            {
                // The clock of the processor ticks slowly; a round has to take some milliseconds.
                perRound = seconds < 0.004 ? Math.Min(perRound * 8, 400) : perRound;
                continue;
            }

            best = Math.Min(best, seconds / perRound);
        }

        return text.Length / best / 1e6;
    }
}
