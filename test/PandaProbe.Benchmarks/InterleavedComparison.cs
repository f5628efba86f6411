using System.Diagnostics;
using System.Reflection;
using BenchmarkDotNet.Attributes;
using PandaProbe.Safety.Scanning;

namespace PandaProbe.Benchmarks;

/// <summary>
/// Compares the benchmarks of a class with their baseline on a machine that is busy with other things: many short slices of each in turn,
/// the best of them, and the ratio. <c>dotnet run -c Release -- compare TraceBenchmarks</c>. The column "more ns" is the median of what a
/// slice takes more than the baseline's slice beside it, in processor time of the calling thread alone. For numbers to publish use
/// BenchmarkDotNet on a quiet machine.
/// </summary>
internal static class InterleavedComparison
{
    private const int Slices = 200;
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(2);

    public static void Run(string className)
    {
        Type type = typeof(InterleavedComparison).Assembly.GetTypes().Single(type => type.Name == className);
        PropertyInfo[] parameters =
            [.. type.GetProperties().Where(property => property.GetCustomAttribute<ParamsAttribute>() is not null)];
        IEnumerable<object?[]> combinations = parameters.Select(parameter => parameter.GetCustomAttribute<ParamsAttribute>()!.Values)
            .Aggregate(
                (IEnumerable<object?[]>)[[]], (known, values) =>
                    known.SelectMany(_ => values, (first, next) => (object?[])[.. first, next]));

        Console.WriteLine($"{"",-44} {"best ns",10} {"ratio",7} {"bytes",8} {"ratio",7} {"more ns",8}");
        foreach (object?[] values in combinations)
        {
            object instance = Activator.CreateInstance(type)!;
            foreach ((PropertyInfo parameter, object? value) in parameters.Zip(values))
                parameter.SetValue(instance, value);
            Call<GlobalSetupAttribute>(type, instance);
            foreach (IGrouping<string, MethodInfo> category in Benchmarks(type)
                .GroupBy(method => method.GetCustomAttribute<BenchmarkCategoryAttribute>()?.Categories.FirstOrDefault() ?? ""))
            {
                Compare(category, instance, string.Join(' ', values));
            }

            Call<GlobalCleanupAttribute>(type, instance);
        }
    }

    private static void Compare(IEnumerable<MethodInfo> methods, object instance, string values)
    {
        Measured[] measured = methods.OrderByDescending(method => method.GetCustomAttribute<BenchmarkAttribute>()!.Baseline)
            .Select(method => new Measured(method.Name, method.CreateDelegate<Action>(instance))).ToArray();
        foreach (Measured each in measured)
            each.WarmUp();
        for (int i = 0; i < Slices; i++)
        {
            // Whoever comes first finds other things in the caches than whoever comes last.
            foreach (Measured each in i % 2 == 0 ? measured : measured.AsEnumerable().Reverse())
                each.Measure();
        }

        foreach (Measured each in measured)
        {
            Console.WriteLine(
                $"{values + " " + each.Name,-44} {each.Best,10:F1} {each.Best / measured[0].Best,7:F2} {each.Bytes,8} {(double)each.Bytes / measured[0].Bytes,7:F2} {each.MoreThan(measured[0]),8:F0}");
        }
    }

    private static IEnumerable<MethodInfo> Benchmarks(Type type) =>
        type.GetMethods().Where(method => method.GetCustomAttribute<BenchmarkAttribute>() is not null && method.ReturnType == typeof(void));

    private static void Call<T>(Type type, object instance)
        where T : Attribute =>
            type.GetMethods().FirstOrDefault(method => method.GetCustomAttribute<T>() is not null)?.Invoke(instance, null);

    private sealed class Measured(string name, Action action)
    {
        private readonly List<double> _ofThread = [];
        private int _perSlice;

        public string Name => name;

        public double Best { get; private set; } = double.MaxValue;

        public long Bytes { get; private set; }

        public void WarmUp()
        {
            // Long enough for the optimising compiler to have replaced the first code.
            long start = Stopwatch.GetTimestamp();
            int calls = 0;
            while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(1))
            {
                action();
                calls++;
            }

            _perSlice = Math.Max(1, (int)(calls * Slice.TotalSeconds));
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++)
                action();
            Bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / 100;
        }

        public void Measure()
        {
            TimeSpan? before = ThreadTime.Now;
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < _perSlice; i++)
                action();
            TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
            Best = Math.Min(Best, elapsed.TotalNanoseconds / _perSlice);
            _ofThread.Add((ThreadTime.Now - before ?? elapsed).TotalNanoseconds / _perSlice);
        }

        public double MoreThan(Measured baseline)
        {
            double[] differences = [.. _ofThread.Zip(baseline._ofThread, static (mine, others) => mine - others).Order()];
            return differences[differences.Length / 2];
        }
    }
}
