using System.Globalization;
using BenchmarkDotNet.Running;
using PandaProbe.Benchmarks;

switch (args)
{
    case ["compare", var className]:
        InterleavedComparison.Run(className);
        return 0;
    case ["tokenization-quick", .. var rest]:
        return TokenizationQuick.Run(rest);
    case ["safety", .. var kinds]:
        return SafetyQuick.Run(kinds);
    case ["safety-worst", .. var rest]:
        return SafetyWorst.Run(rest);
    case ["export"]:
        ExportMeasurements.Run();
        return 0;
    case ["memory"]:
        await ExportMemory.RunAsync();
        return 0;
    case ["soak", .. var rest]:
        await ExportSoak.RunAsync(rest is [var traces] ? int.Parse(traces, CultureInfo.InvariantCulture) : 200_000);
        return 0;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(TraceBenchmarks).Assembly).Run(args);
        return 0;
}
